// Paths of other machines -> the objects to process, by the rules of files: `s3://bucket/folder` is walked, patterns are matched, and what is
// named is taken whatever it is called. Of each, size and version are asked for, so that it can be shared among threads.
import type {ErrorReport} from '../../model/report.ts';
import {RemoteError} from '../../remote/remote-error.ts';
import {type HttpLocation, nameOfRemote, pathOfRemote, type S3Location} from '../../remote/remote-location.ts';
import type {ListedObject} from '../../remote/s3/list-objects.ts';
import {displayName} from '../../text/path-text.ts';
import {withoutSecrets} from '../../text/shown-url.ts';
import {toErrorReport} from '../shared/errors.ts';
import type {FoundFiles} from './found-files.ts';
import {archiveFileName, dataFileName, isHidden} from './list-folder.ts';
import {keyMatcher, literalStart} from './match-key.ts';
import {globCharacters} from './path-pattern.ts';
import type {PlanEntry, PlanWatcher} from './plan.ts';

/** Requests on their way at a time: each takes a while in which nothing is done here. */
const REQUESTS = 16;
/** The run itself tries longer. */
const retries = {attempts: 3, firstWaitMs: 200, longestWaitMs: 2000};

export interface RemotePlanning {
	readonly found: FoundFiles;
	readonly watcher: PlanWatcher;
	/** Whether an archive is one file, as a program that sends it on wants it. */
	readonly keepsArchives: boolean;
	/** Whether the run itself writes an object. */
	readonly isOutput: (name: string) => boolean;
}

export async function planRemote(paths: readonly string[], planning: RemotePlanning): Promise<void> {
	// What is added when all in front of it has been, so that the order is that of the paths.
	const additions: Array<() => void> = [];
	const waiting = paths.entries();
	const work = async (): Promise<void> => {
		for (const [index, path] of waiting) additions[index] = await planPath(path, planning);
	};
	await Promise.all(Array.from({length: Math.min(REQUESTS, paths.length)}, work));
	for (const add of additions) add();
}

const planPath = (path: string, planning: RemotePlanning): Promise<() => void> =>
	/^s3:/i.test(path) ? new S3Path(path, planning).plan() : planUrl(path, planning);

async function planUrl(path: string, planning: RemotePlanning): Promise<() => void> {
	const {found} = planning;
	const url = withoutSecrets(path);
	if (!URL.canParse(path)) {
		const error = {
			code: 'BAD_ADDRESS',
			message: 'Expected the address of a file, as https://host/path',
			line: null,
			byte_offset: null,
		};
		return () => found.add({type: 'unreadable', file: url, error});
	}
	const asked: HttpLocation = {
		...({kind: 'http', url, version: null, size: null, hasRanges: false} as const),
		...(url !== path && {secretUrl: path}),
	};
	const {probeUrl} = await import('../../remote/http/probe-url.ts');
	let source = asked;
	let missing: string | null = null;
	try {
		source = await probeUrl(asked, retries);
	} catch (error) {
		// What is wrong with it is said when it is opened, which may go better.
		missing = isMissing(error) ? error.message : null;
	}
	return () => {
		if (!found.isNew(Buffer.from(path))) return;
		const entry = entryOf(source, false, planning);
		if (missing === null) found.add(entry);
		else found.addNothing(entry, missing);
	};
}

const isMissing = (error: unknown): error is RemoteError =>
	error instanceof RemoteError && error.code === 'NO_SUCH_OBJECT';

function entryOf(source: S3Location | HttpLocation, isFound: boolean, {keepsArchives}: RemotePlanning): PlanEntry {
	const name = nameOfRemote(source);
	const file = displayName(Buffer.from(name));
	if (!keepsArchives && archiveFileName.test(pathOfRemote(source)))
		return {type: 'unreadable', file, error: remoteArchive(source)};
	return {type: 'file', file, source, bytesTotal: source.size, ...(isFound && {isFound})};
}

const remoteArchive = (source: S3Location | HttpLocation): ErrorReport => ({
	code: 'ARCHIVE_ELSEWHERE',
	message: `Files of an archive are read where the archive lies on this machine: fetch it first (${source.kind === 's3' ? 'aws s3 cp' : 'curl -O'}). Files that are packed each by itself, as .gz, .zst or .br, and Parquet are read from there`,
	line: null,
	byte_offset: null,
});

class S3Path {
	readonly #path: string;
	readonly #planning: RemotePlanning;
	readonly #bucket: string;
	readonly #key: string;

	constructor(path: string, planning: RemotePlanning) {
		this.#path = path;
		this.#planning = planning;
		const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(path) ?? [];
		this.#bucket = bucket;
		this.#key = key;
	}

	async plan(): Promise<() => void> {
		const {found} = this.#planning;
		try {
			return await this.#find();
		} catch (error) {
			const file = displayName(Buffer.from(this.#path));
			return () => found.add({type: 'unreadable', file, error: toErrorReport(error)});
		}
	}

	async #find(): Promise<() => void> {
		const key = this.#key;
		if (this.#bucket === '')
			throw new RemoteError(
				'NO_SUCH_BUCKET',
				'Expected the name of a bucket, as in s3://bucket/folder/*.csv; found none',
			);
		const {findObject} = await import('../../remote/s3/list-objects.ts');
		if (key !== '' && !key.endsWith('/')) {
			const isPattern = globCharacters.test(key);
			// Hardly any object is called like a pattern, so what matches is asked for meanwhile.
			const matching = isPattern ? this.#takeMatches() : null;
			matching?.catch(() => {});
			const named = await findObject(this.#bucket, key, retries).catch((error: unknown) => {
				// Who may only list is not told whether there is an object of that name.
				if (isPattern && error instanceof RemoteError && error.code === 'ACCESS_DENIED') return null;
				throw error;
			});
			if (named !== null) return () => this.#add([named], false);
			if (matching !== null) return matching;
		}
		return this.#walk(key === '' || key.endsWith('/') ? key : `${key}/`);
	}

	async #takeMatches(): Promise<() => void> {
		const {found} = this.#planning;
		const matches = keyMatcher(this.#key);
		const taken: ListedObject[] = [];
		const others: string[] = [];
		let isMet = false;
		for await (const object of this.#list(literalStart(this.#key))) {
			const match = matches(object.key);
			if (match === null) continue;
			isMet = true;
			if (match === 'object' || isData(object.key)) taken.push(object);
			else others.push(object.key);
		}
		return () => {
			for (const name of others) found.otherFiles.add(name);
			if (this.#add(taken, true) > 0) return;
			const message = isMet ? 'No data file is in the folders that match this pattern' : 'No file matches this pattern';
			this.#addNothing('NO_MATCH', message);
		};
	}

	/** @param folder - Empty, or ends with a slash. */
	async #walk(folder: string): Promise<() => void> {
		const {found} = this.#planning;
		const taken: ListedObject[] = [];
		const others: string[] = [];
		let isThere = false;
		for await (const object of this.#list(folder)) {
			isThere = true;
			if (object.key.slice(folder.length).split('/').some(isHidden)) continue;
			if (isData(object.key)) taken.push(object);
			else others.push(object.key);
		}
		return () => {
			for (const name of others) found.otherFiles.add(name);
			if (this.#add(taken, true) > 0) return;
			if (!isThere)
				return this.#addNothing(
					'NO_SUCH_OBJECT',
					`There is no such object, and none below ${folder === '' ? 'it' : folder}`,
				);
			const file = displayName(Buffer.from(this.#path));
			const sentence = `${file}: no .csv, .tsv, .txt or .log file (or .gz, .zst or .br of one), and no .parquet, in this folder`;
			found.addNothing({type: 'skipped', file, kind: 'a folder without data files'}, sentence);
		};
	}

	async *#list(prefix: string): AsyncGenerator<ListedObject, void> {
		const {listObjects} = await import('../../remote/s3/list-objects.ts');
		const {watcher, found} = this.#planning;
		let count = found.count;
		for await (const page of listObjects(this.#bucket, prefix, retries)) {
			count += page.length;
			await watcher.onCount?.(count);
			// What ends with a slash stands for a folder.
			yield* page.filter(({key}) => !key.endsWith('/'));
		}
	}

	/** @returns How many there are, those among them that were known before. */
	#add(objects: readonly ListedObject[], isFound: boolean): number {
		const {found, isOutput} = this.#planning;
		let count = 0;
		for (const {key, size, version} of objects) {
			const source: S3Location = {kind: 's3', bucket: this.#bucket, key, version, size};
			const name = nameOfRemote(source);
			if (isFound && isOutput(name)) continue;
			count++;
			if (found.isNew(Buffer.from(name))) found.add(entryOf(source, isFound, this.#planning));
		}
		return count;
	}

	#addNothing(code: string, message: string): void {
		const file = displayName(Buffer.from(this.#path));
		const error: ErrorReport = {code, message, line: null, byte_offset: null};
		const sentence = `${file}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
		this.#planning.found.addNothing({type: 'unreadable', file, error}, sentence);
	}
}

const isData = (key: string): boolean => dataFileName.test(key) || archiveFileName.test(key);
