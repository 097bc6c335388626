/**
 * Runs mocha 12 for Stryker, whose own runner knows mocha up to 11. A test's id is its file and its full title.
 */
import { commonTokens, declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import Mocha from 'mocha';
import { relative, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';

const idOf = (test) => `${relative(process.cwd(), test.file ?? '')}: ${test.fullTitle()}`;

class MochaRunner {
  static inject = [commonTokens.options];
  #mocha = new Mocha({ reporter: class {}, timeout: 0 });
  /** Shared with the mutated code: which mutant is active, and which test covers what. */
  #context = (globalThis.__stryker__ ??= {});
  #wanted;
  #loaded = false;
  #records = false;

  constructor(options) {
    this.#mocha.cleanReferencesAfterRun(false);
    for (const file of options.kfopsTests) this.#mocha.addFile(resolve(file));
    const runner = this;
    this.#mocha.suite.beforeEach(function () {
      if (runner.#records) runner.#context.currentTestId = idOf(this.currentTest);
    });
  }

  capabilities() {
    // A module is imported once: for what is computed at its import, Stryker starts a process.
    return { reloadEnvironment: false };
  }

  async dryRun({ coverageAnalysis, disableBail }) {
    this.#records = coverageAnalysis === 'perTest';
    const result = await this.#run(disableBail);
    this.#records = false;
    return result.status === DryRunStatus.Complete
      ? { ...result, mutantCoverage: this.#context.mutantCoverage }
      : result;
  }

  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit, mutantActivation }) {
    this.#context.hitLimit = hitLimit;
    this.#context.hitCount = hitLimit ? 0 : undefined;
    this.#wanted = testFilter && new Set(testFilter);
    return toMutantRunResult(await this.#run(disableBail, activeMutant.id, mutantActivation));
  }

  async #run(disableBail, mutant, activation) {
    try {
      if (!this.#loaded) {
        this.#context.activeMutant = activation === 'static' ? mutant : undefined;
        await this.#mocha.loadFilesAsync();
        this.#loaded = true;
      }
      this.#context.activeMutant = mutant;
      const tests = await this.#runTests(!disableBail);
      const { hitCount, hitLimit } = this.#context;
      return determineHitLimitReached(hitCount, hitLimit) ?? { status: DryRunStatus.Complete, tests };
    } catch (error) {
      return { status: DryRunStatus.Error, errorMessage: String(error?.stack ?? error) };
    }
  }

  #runTests(bail) {
    for (const suite of suitesOf(this.#mocha.suite)) {
      suite.bail(bail);
      for (const test of suite.tests) {
        test.kfopsPending ??= { was: test.pending };
        test.pending = test.kfopsPending.was || (this.#wanted !== undefined && !this.#wanted.has(idOf(test)));
      }
    }
    const tests = [];
    let start = performance.now();
    const add = (test, status, more) => {
      const id = idOf(test.ctx?.currentTest ?? test);
      tests.push({ id, name: id, status, timeSpentMs: performance.now() - start, ...more });
      start = performance.now();
    };
    return new Promise((done) => {
      const runner = this.#mocha.run(() => {
        done(tests);
      });
      runner.on('pass', (test) => {
        add(test, TestStatus.Success);
      });
      runner.on('fail', (test, error) => {
        add(test, TestStatus.Failed, { failureMessage: error.message || 'failed' });
      });
    });
  }
}

function suitesOf(suite) {
  return [suite, ...suite.suites.flatMap(suitesOf)];
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'kfops-mocha', MochaRunner)];
export const strykerValidationSchema = {
  properties: { kfopsTests: { type: 'array', items: { type: 'string' } } },
};
