/** What templates/setup.html.hbs shows: one of its four parts. */
export interface SetupPage {
  readonly title: string;
  /** Asks to make a GitHub App. */
  readonly start:
    | {
        /** GitHub's page that takes the manifest. */
        readonly action: string;
        /** JSON. */
        readonly manifest: string;
        /** The code of this server, for choosing another owner. */
        readonly code: string;
        /** Organization that the App will belong to; empty for the account of who makes it. */
        readonly organization: string;
        readonly name: string;
        readonly webhook: string;
        readonly rights: readonly { readonly what: string; readonly access: string; readonly why: string }[];
      }
    | undefined;
  /** Shows what GitHub made. */
  readonly done:
    | {
        readonly name: string;
        readonly install: string;
        readonly privateKey: string;
        readonly webhookSecret: string;
        /** YAML. */
        readonly settings: string;
        readonly command: string;
      }
    | undefined;
  /** Says where the keys of what GitHub made were stored. */
  readonly stored:
    { readonly name: string; readonly place: string; readonly install: string } | undefined;
  /** Says why it cannot continue. */
  readonly problem: { readonly message: string; readonly nextStep: string } | undefined;
}

/** Data of each templates/<name>.html.hbs. */
export interface HtmlTemplates {
  setup: SetupPage;
}
