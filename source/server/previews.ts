// How a file that was sent in is written, what its columns are, and what can be made of it: of its beginning, before there is any task.
import {randomUUID} from 'node:crypto';
import type {BatchSettings} from '../engine/batch.ts';
import type {FileReport} from '../model/report.ts';
import {Analyzer} from '../pipeline/analyze.ts';
import {StepError} from '../pipeline/pipeline.ts';
import {displayPath} from '../text/path-text.ts';
import type {Dataset} from './datasets.ts';
import {problem} from './problem.ts';
import type {GivenOptions, TaskOptions} from './task-options.ts';

/** By who starts the server: what is told of a file is what `sniff` tells. */
export interface Sniffing {
	readonly settings: BatchSettings;
	readonly describe: (report: FileReport) => Sniffed;
}

/** As `sniff --json` has it. */
interface Sniffed {
	/** As the file is called; of an archive, its first file. */
	readonly file: string;
	readonly columns: readonly {readonly name: string}[];
}

export interface PreviewsOptions {
	/** How data sets are read. */
	readonly settings: BatchSettings;
	readonly sniffing: Sniffing;
	readonly taskOptions: TaskOptions;
	readonly pathOf: (dataset: string) => string;
}

/** Read at a time, on threads of their own: nobody waits for a task here. */
const AT_A_TIME = 2;
const MAX_WAITING = 50;
/** Of the latest ones. The bytes of a file never change. */
const MAX_KNOWN = 100;

export class Previews {
	readonly #options: PreviewsOptions;
	readonly #analyzer: Analyzer;
	readonly #known = new Map<string, Promise<Sniffed>>();
	readonly #closing = new AbortController();
	#underWay = 0;

	constructor(options: PreviewsOptions) {
		this.#options = options;
		this.#analyzer = new Analyzer({
			settings: {...options.settings, ...options.sniffing.settings, concurrency: AT_A_TIME, threads: 1},
			maxThreads: AT_A_TIME,
			keepsResults: false,
			// Of an archive, its first file.
			maxRead: 1,
			hashes: false,
			onEvent() {},
		});
	}

	/**
	@param given - Options, as a task has them.
	@throws {Problem} When they cannot be used, or too many wait.
	*/
	async find({id, name, bytes}: Dataset, given: GivenOptions): Promise<Sniffed> {
		const key = JSON.stringify([id, Object.entries(given).sort()]);
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		if (this.#underWay >= MAX_WAITING)
			throw problem('TOO_MANY_PREVIEWS', 'Too many files are looked into at the moment. Please try again later.', {
				retryAfter: 2,
			});
		this.#underWay++;
		const found = this.#read({id, name, bytes}, given).finally(() => {
			this.#underWay--;
		});
		this.#known.set(key, found);
		// What went wrong may go well the next time.
		found.catch(() => this.#known.delete(key));
		const [oldest] = this.#known.keys();
		if (oldest !== undefined && this.#known.size > MAX_KNOWN) this.#known.delete(oldest);
		return found;
	}

	/**
	The names of the columns of a file, for its task, which has its turn: it does not wait behind those who only look.

	@returns `null`: it has no heading, or it is an archive, whose files may have several.
	*/
	async headingsOf(
		file: Pick<Dataset, 'id' | 'name' | 'bytes'>,
		given: GivenOptions,
	): Promise<readonly string[] | null> {
		const found = await this.#read(file, given);
		const isOfArchive = found.file !== displayPath(file.name);
		return isOfArchive || found.columns.length === 0 ? null : found.columns.map(({name}) => name);
	}

	async close(): Promise<void> {
		this.#closing.abort();
		await this.#analyzer.close();
	}

	async #read({id, name, bytes}: Pick<Dataset, 'id' | 'name' | 'bytes'>, given: GivenOptions): Promise<Sniffed> {
		const {sniffing, taskOptions, pathOf} = this.#options;
		const file = {claim: randomUUID(), name, path: pathOf(id), bytes};
		const own = {...taskOptions.read(given).settings, ...sniffing.settings};
		try {
			return sniffing.describe(await this.#analyzer.analyze(file, own, this.#closing.signal));
		} catch (error) {
			// What is wrong with it is a part of what is told.
			if (!(error instanceof StepError && error.report !== null)) throw error;
			return sniffing.describe(error.report);
		}
	}
}
