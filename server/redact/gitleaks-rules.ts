// Written by scripts/secret-rules.ts from github.com/zricethezav/gitleaks/v8 v8.30.1. Change that, then run: npm run secret-rules
//
// MIT License
//
// Copyright (c) 2019 Zachary Rice
//
// Permission is hereby granted, free of charge, to any person obtaining a copy
// of this software and associated documentation files (the "Software"), to deal
// in the Software without restriction, including without limitation the rights
// to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
// copies of the Software, and to permit persons to whom the Software is
// furnished to do so, subject to the following conditions:
//
// The above copyright notice and this permission notice shall be included in all
// copies or substantial portions of the Software.
//
// THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
// IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
// FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
// AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
// LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
// OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
// SOFTWARE.

import type { SecretPattern } from './secret-pattern.js';

/** Tokens that have a form of their own, as their makers publish it. */
export const GITLEAKS_RULES: readonly SecretPattern[] = [
  // 1password-secret-key
  [
    /\bA3-[A-Z0-9]{6}-(?:(?:[A-Z0-9]{11})|(?:[A-Z0-9]{6}-[A-Z0-9]{5}))-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}\b/g,
    '***',
  ],
  // 1password-service-account-token
  [/ops_eyJ[a-zA-Z0-9+/]{250,}={0,3}/g, '***'],
  // adobe-client-secret
  [/\b(?:p8e-[a-zA-Z0-9]{32})(?!\w)/g, '***'],
  // age-secret-key
  [/AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/g, '***'],
  // airtable-personnal-access-token
  [/\b(?:pat[A-Za-z0-9]{14}\.[a-f0-9]{64})\b/g, '***'],
  // alibaba-access-key-id
  [/\b(?:LTAI[a-zA-Z0-9]{20})(?!\w)/g, '***'],
  // anthropic-admin-api-key
  [/\b(?:sk-ant-admin01-[a-zA-Z0-9_\-]{93}AA)(?!\w)/g, '***'],
  // anthropic-api-key
  [/\b(?:sk-ant-api03-[a-zA-Z0-9_\-]{93}AA)(?!\w)/g, '***'],
  // artifactory-api-key
  [/\bAKCp[A-Za-z0-9]{69}\b/g, '***'],
  // artifactory-reference-token
  [/\bcmVmd[A-Za-z0-9]{59}\b/g, '***'],
  // authress-service-client-access-key
  [
    /\b(?:(?:sc|ext|scauth|authress)_[a-zA-Z0-9]{5,30}\.[a-zA-Z0-9]{4,6}\.(?:acc)[_-][a-zA-Z0-9-]{10,32}\.[a-zA-Z0-9+/_=-]{30,120})(?!\w)/g,
    '***',
  ],
  // aws-access-token
  [/\b(?:(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b/g, '***'],
  // aws-amazon-bedrock-api-key-long-lived
  [/\b(?:ABSK[A-Za-z0-9+/]{109,269}={0,2})(?!\w)/g, '***'],
  // clickhouse-cloud-api-secret-key
  [/\b(?:4b1d[A-Za-z0-9]{38})\b/g, '***'],
  // clojars-api-token
  [/CLOJARS_[a-z0-9]{60}/gi, '***'],
  // cloudflare-origin-ca-key
  [/\b(?:v1\.0-[a-f0-9]{24}-[a-f0-9]{146})(?!\w)/g, '***'],
  // databricks-api-token
  [/\b(?:dapi[a-f0-9]{32}(?:-\d)?)(?!\w)/g, '***'],
  // digitalocean-access-token
  [/\b(?:doo_v1_[a-f0-9]{64})(?!\w)/g, '***'],
  // digitalocean-pat
  [/\b(?:dop_v1_[a-f0-9]{64})(?!\w)/g, '***'],
  // digitalocean-refresh-token
  [/\b(?:dor_v1_[a-f0-9]{64})(?!\w)/gi, '***'],
  // doppler-api-token
  [/dp\.pt\.[a-zA-Z0-9]{43}/g, '***'],
  // duffel-api-token
  [/duffel_(?:test|live)_[a-zA-Z0-9_\-=]{43}/g, '***'],
  // dynatrace-api-token
  [/dt0c01\.[a-zA-Z0-9]{24}\.[a-zA-Z0-9]{64}/g, '***'],
  // easypost-api-token
  [/\bEZAK[a-zA-Z0-9]{54}\b/g, '***'],
  // easypost-test-api-token
  [/\bEZTK[a-zA-Z0-9]{54}\b/g, '***'],
  // facebook-access-token
  [/\b(?:\d{15,16}(?:\||%)[0-9a-z\-_]{27,40})(?!\w)/gi, '***'],
  // facebook-page-access-token
  [/\b(?:EAA[MC][a-zA-Z0-9]{100,})(?!\w)/g, '***'],
  // flutterwave-encryption-key
  [/FLWSECK_TEST-[a-hA-H0-9]{12}/g, '***'],
  // flutterwave-secret-key
  [/FLWSECK_TEST-[a-hA-H0-9]{32}-[xX]/g, '***'],
  // flyio-access-token
  [/\b(?:(?:fo1_[\w-]{43}|fm1[ar]_[a-zA-Z0-9+\/]{100,}={0,3}|fm2_[a-zA-Z0-9+\/]{100,}={0,3}))(?!\w)/g, '***'],
  // frameio-api-token
  [/fio-u-[a-zA-Z0-9\-_=]{64}/g, '***'],
  // gcp-api-key
  [/\b(?:AIza[\w-]{35})(?!\w)/g, '***'],
  // github-app-token
  [/(?:ghu|ghs)_[0-9a-zA-Z]{36}/g, '***'],
  // github-fine-grained-pat
  [/github_pat_\w{82}/g, '***'],
  // github-oauth
  [/gho_[0-9a-zA-Z]{36}/g, '***'],
  // github-pat
  [/ghp_[0-9a-zA-Z]{36}/g, '***'],
  // github-refresh-token
  [/ghr_[0-9a-zA-Z]{36}/g, '***'],
  // gitlab-cicd-job-token
  [/glcbt-[0-9a-zA-Z]{1,5}_[0-9a-zA-Z_-]{20}/g, '***'],
  // gitlab-deploy-token
  [/gldt-[0-9a-zA-Z_\-]{20}/g, '***'],
  // gitlab-feature-flag-client-token
  [/glffct-[0-9a-zA-Z_\-]{20}/g, '***'],
  // gitlab-feed-token
  [/glft-[0-9a-zA-Z_\-]{20}/g, '***'],
  // gitlab-incoming-mail-token
  [/glimt-[0-9a-zA-Z_\-]{25}/g, '***'],
  // gitlab-kubernetes-agent-token
  [/glagent-[0-9a-zA-Z_\-]{50}/g, '***'],
  // gitlab-oauth-app-secret
  [/gloas-[0-9a-zA-Z_\-]{64}/g, '***'],
  // gitlab-pat
  [/glpat-[\w-]{20}/g, '***'],
  // gitlab-ptt
  [/glptt-[0-9a-f]{40}/g, '***'],
  // gitlab-rrt
  [/GR1348941[\w-]{20}/g, '***'],
  // gitlab-runner-authentication-token
  [/glrt-[0-9a-zA-Z_\-]{20}/g, '***'],
  // gitlab-scim-token
  [/glsoat-[0-9a-zA-Z_\-]{20}/g, '***'],
  // gitlab-session-cookie
  [/_gitlab_session=[0-9a-z]{32}/g, '***'],
  // grafana-api-key
  [/\b(?:eyJrIjoi[A-Za-z0-9]{70,400}={0,3})(?!\w)/gi, '***'],
  // grafana-cloud-api-token
  [/\b(?:glc_[A-Za-z0-9+/]{32,400}={0,3})(?!\w)/gi, '***'],
  // grafana-service-account-token
  [/\b(?:glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8})(?!\w)/gi, '***'],
  // harness-api-key
  [/(?:pat|sat)\.[a-zA-Z0-9_-]{22}\.[a-zA-Z0-9]{24}\.[a-zA-Z0-9]{20}/g, '***'],
  // heroku-api-key-v2
  [/\b(?:(?:HRKU-AA[0-9a-zA-Z_-]{58}))(?!\w)/g, '***'],
  // huggingface-access-token
  [/\b(?:hf_(?:[a-zA-Z]{34}))(?!\w)/g, '***'],
  // huggingface-organization-api-token
  [/\b(?:api_org_(?:[a-zA-Z]{34}))(?!\w)/g, '***'],
  // infracost-api-token
  [/\b(?:ico-[a-zA-Z0-9]{32})(?!\w)/g, '***'],
  // intra42-client-secret
  [/\b(?:s-s4t2(?:ud|af)-[aAbBcCdDeEfF0123456789]{64})(?!\w)/g, '***'],
  // linear-api-key
  [/lin_api_[a-zA-Z0-9]{40}/g, '***'],
  // maxmind-license-key
  [/\b(?:[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)(?!\w)/g, '***'],
  // microsoft-teams-webhook
  [
    /https:\/\/[a-z0-9]+\.webhook\.office\.com\/webhookb2\/[a-z0-9]{8}-(?:[a-z0-9]{4}-){3}[a-z0-9]{12}@[a-z0-9]{8}-(?:[a-z0-9]{4}-){3}[a-z0-9]{12}\/IncomingWebhook\/[a-z0-9]{32}\/[a-z0-9]{8}-(?:[a-z0-9]{4}-){3}[a-z0-9]{12}/g,
    '***',
  ],
  // notion-api-token
  [/\b(?:ntn_[0-9]{11}[A-Za-z0-9]{32}[A-Za-z0-9]{3})(?!\w)/g, '***'],
  // npm-access-token
  [/\b(?:npm_[a-z0-9]{36})(?!\w)/gi, '***'],
  // octopus-deploy-api-key
  [/\b(?:API-[A-Z0-9]{26})(?!\w)/g, '***'],
  // openai-api-key
  [
    /\b(?:sk-(?:proj|svcacct|admin)-(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})T3BlbkFJ(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58})\b|sk-[a-zA-Z0-9]{20}T3BlbkFJ[a-zA-Z0-9]{20})(?!\w)/g,
    '***',
  ],
  // openshift-user-token
  [/\b(?:sha256~[\w-]{43})(?![\w-])/g, '***'],
  // perplexity-api-key
  [/\b(?:pplx-[a-zA-Z0-9]{48})(?!\w)/g, '***'],
  // planetscale-api-token
  [/\b(?:pscale_tkn_[\w=\.-]{32,64})(?!\w)/g, '***'],
  // planetscale-oauth-token
  [/\b(?:pscale_oauth_[\w=\.-]{32,64})(?!\w)/g, '***'],
  // planetscale-password
  [/\b(?:pscale_pw_[\w=\.-]{32,64})(?!\w)/gi, '***'],
  // postman-api-token
  [/\b(?:PMAK-[a-fA-F0-9]{24}\-[a-fA-F0-9]{34})(?!\w)/g, '***'],
  // prefect-api-token
  [/\b(?:pnu_[a-zA-Z0-9]{36})(?!\w)/g, '***'],
  // pulumi-api-token
  [/\b(?:pul-[a-f0-9]{40})(?!\w)/g, '***'],
  // pypi-upload-token
  [/pypi-AgEIcHlwaS5vcmc[\w-]{50,1000}/g, '***'],
  // readme-api-token
  [/\b(?:rdme_[a-z0-9]{70})(?!\w)/g, '***'],
  // rubygems-api-token
  [/\b(?:rubygems_[a-f0-9]{48})(?!\w)/g, '***'],
  // scalingo-api-token
  [/\b(?:tk-us-[\w-]{48})(?!\w)/g, '***'],
  // sendinblue-api-token
  [/\b(?:xkeysib-[a-f0-9]{64}\-[a-zA-Z0-9]{16})(?!\w)/g, '***'],
  // sentry-org-token
  [
    /\bsntrys_eyJpYXQiO[a-zA-Z0-9+/]{10,200}(?:LCJyZWdpb25fdXJs|InJlZ2lvbl91cmwi|cmVnaW9uX3VybCI6)[a-zA-Z0-9+/]{10,200}={0,2}_[a-zA-Z0-9+/]{43}(?![a-zA-Z0-9+/])/g,
    '***',
  ],
  // sentry-user-token
  [/\b(?:sntryu_[a-f0-9]{64})(?!\w)/g, '***'],
  // settlemint-application-access-token
  [/\b(?:sm_aat_[a-zA-Z0-9]{16})(?!\w)/g, '***'],
  // settlemint-personal-access-token
  [/\b(?:sm_pat_[a-zA-Z0-9]{16})(?!\w)/g, '***'],
  // settlemint-service-access-token
  [/\b(?:sm_sat_[a-zA-Z0-9]{16})(?!\w)/g, '***'],
  // shippo-api-token
  [/\b(?:shippo_(?:live|test)_[a-fA-F0-9]{40})(?!\w)/g, '***'],
  // shopify-access-token
  [/shpat_[a-fA-F0-9]{32}/g, '***'],
  // shopify-custom-access-token
  [/shpca_[a-fA-F0-9]{32}/g, '***'],
  // shopify-private-app-access-token
  [/shppa_[a-fA-F0-9]{32}/g, '***'],
  // shopify-shared-secret
  [/shpss_[a-fA-F0-9]{32}/g, '***'],
  // slack-app-token
  [/xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+/gi, '***'],
  // slack-bot-token
  [/xoxb-[0-9]{10,13}-[0-9]{10,13}[a-zA-Z0-9-]*/g, '***'],
  // slack-config-access-token
  [/xoxe.xox[bp]-\d-[A-Z0-9]{163,166}/gi, '***'],
  // slack-config-refresh-token
  [/xoxe-\d-[A-Z0-9]{146}/gi, '***'],
  // slack-legacy-bot-token
  [/xoxb-[0-9]{8,14}-[a-zA-Z0-9]{18,26}/g, '***'],
  // slack-legacy-token
  [/xox[os]-\d+-\d+-\d+-[a-fA-F\d]+/g, '***'],
  // slack-legacy-workspace-token
  [/xox[ar]-(?:\d-)?[0-9a-zA-Z]{8,48}/g, '***'],
  // slack-user-token
  [/xox[pe](?:-[0-9]{10,13}){3}-[a-zA-Z0-9-]{28,34}/g, '***'],
  // slack-webhook-url
  [/(?:https?:\/\/)?hooks.slack.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{43,56}/g, '***'],
  // square-access-token
  [/\b(?:(?:EAAA|sq0atp-)[\w-]{22,60})(?!\w)/g, '***'],
  // stripe-access-token
  [/\b(?:(?:sk|rk)_(?:test|live|prod)_[a-zA-Z0-9]{10,99})(?!\w)/g, '***'],
  // twilio-api-key
  [/SK[0-9a-fA-F]{32}/g, '***'],
  // vault-batch-token
  [/\b(?:hvb\.[\w-]{138,300})(?!\w)/g, '***'],
  // vault-service-token
  [/\b(?:(?:hvs\.[\w-]{90,120}|s\.(?:[a-zA-Z0-9]{24})))(?!\w)/g, '***'],
];
