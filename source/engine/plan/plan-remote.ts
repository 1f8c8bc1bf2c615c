// Paths of other machines -> the objects to process, by the rules of files: `s3://bucket/folder` is walked, patterns are matched, and what is
// named is taken whatever it is called. Of each, size and version are asked for, so that it can be shared among threads.
import type {ErrorReport} from '../../model/report.ts';
import {RemoteError} from '../../remote/remote-error.ts';
import {
	type HttpLocation,
	nameOfRemote,
	pathOfRemote,
	remoteLocationOf,
	type S3Location,
} from '../../remote/remote-location.ts';
import type {ListedObject} from '../../remote/s3/list-objects.ts';
import {displayName, displayPath} from '../../text/path-text.ts';
import {withoutSecrets} from '../../text/shown-url.ts';
import type {ArchiveToList} from '../shared/archive-bytes.ts';
import {toErrorReport} from '../shared/errors.ts';
import type {FoundFiles} from './found-files.ts';
import {archiveFileName, dataFileName, isHidden} from './list-folder.ts';
import {keyMatcher, literalStart} from './match-key.ts';
import {globCharacters} from './path-pattern.ts';
import type {PlanEntry, PlanWatcher, UnpackLimits} from './plan.ts';
import type {PlannedArchive} from './plan-archive.ts';

/** Requests on their way at a time: each takes a while in which nothing is done here. */
const REQUESTS = 16;
/** The run itself tries longer. */
const retries = {attempts: 3, firstWaitMs: 200, longestWaitMs: 2000};

export interface RemotePlanning {
	readonly found: FoundFiles;
	readonly watcher: PlanWatcher;
	/** Whether an archive is one file, as a program that sends it on wants it. */
	readonly keepsArchives: boolean;
	readonly limits: UnpackLimits;
	/** Whether the run itself writes an object. */
	readonly isOutput: (name: string) => boolean;
}

export async function planRemote(paths: readonly string[], planning: RemotePlanning): Promise<void> {
	// What is added when all in front of it has been, so that the order is that of the paths.
	for (const add of await inTurns(paths, path => planPath(path, planning))) add();
}

/** Some at a time. */
async function inTurns<Item, Result>(
	items: readonly Item[],
	work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
	const results: Result[] = [];
	const waiting = items.entries();
	const next = async (): Promise<void> => {
		for (const [index, item] of waiting) results[index] = await work(item);
	};
	await Promise.all(Array.from({length: Math.min(REQUESTS, items.length)}, next));
	return results;
}

const planPath = (path: string, planning: RemotePlanning): Promise<() => void> =>
	/^s3:/i.test(path) ? new S3Path(path, planning).plan() : planUrl(path, planning, null);

/** @param wanted - Of an archive; see `listArchive`. */
async function planUrl(
	path: string,
	planning: RemotePlanning,
	wanted: ReadonlySet<string> | null,
): Promise<() => void> {
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
	try {
		source = await probeUrl(asked, retries);
	} catch (error) {
		const member = wanted === null && isMissingOrDenied(error) ? splitMember(path) : null;
		if (member !== null) return planUrl(member.archive, planning, new Set([member.name]));
		if (isMissing(error)) {
			const {message} = error;
			return () => {
				if (found.isNew(Buffer.from(path))) found.addNothing(entryOf(source, false), message);
			};
		}
		// What else is wrong with it is said when it is opened, which may go better.
	}
	const planned = await planObject(source, {place: path, isFound: false, wanted}, planning);
	return () => addPlanned(planned, found);
}

const isMissing = (error: unknown): error is RemoteError =>
	error instanceof RemoteError && error.code === 'NO_SUCH_OBJECT';

/** Who may not list what there is is not told either whether something is missing. */
const isMissingOrDenied = (error: unknown): boolean =>
	isMissing(error) || (error instanceof RemoteError && error.code === 'ACCESS_DENIED');

/** `s3://bucket/a.zip!dir/b.csv` is a file in an archive, with its name as it is shown; `null` where it cannot be one. */
function splitMember(path: string): {readonly archive: string; readonly name: string} | null {
	for (let at = path.indexOf('!'); at !== -1; at = path.indexOf('!', at + 1)) {
		const archive = path.slice(0, at);
		const location = remoteLocationOf(archive);
		if (location !== null && archiveFileName.test(pathOfRemote(location)))
			return {archive, name: displayPath(path.slice(at + 1))};
	}
	return null;
}

interface PlannedObject extends PlannedArchive {
	readonly file: string;
	/** By which it is known whether it was found before. */
	readonly place: string;
}

interface Taken {
	readonly place: string;
	readonly isFound: boolean;
	/** Of an archive; see `listArchive`. */
	readonly wanted: ReadonlySet<string> | null;
}

/** An object, or the files of one that is an archive. */
async function planObject(
	source: S3Location | HttpLocation,
	{place, isFound, wanted}: Taken,
	{keepsArchives, limits, watcher}: RemotePlanning,
): Promise<PlannedObject> {
	const entry = entryOf(source, isFound);
	const {file} = entry;
	if (keepsArchives || !archiveFileName.test(pathOfRemote(source)))
		return {file, place, entries: [entry], otherNames: []};
	const {listArchive} = await import('./plan-archive.ts');
	const open = async (): Promise<ArchiveToList> =>
		(await import('../unpacking/remote-archive.ts')).openRemoteArchive(source);
	const tellRead: PlanWatcher = {onArchiveRead: (...read) => watcher.onArchiveRead?.(...read)};
	return {file, place, ...(await listArchive(open, file, limits, wanted, tellRead))};
}

function entryOf(source: S3Location | HttpLocation, isFound: boolean): PlanEntry {
	const file = displayName(Buffer.from(nameOfRemote(source)));
	return {type: 'file', file, source, bytesTotal: source.size, ...(isFound && {isFound})};
}

function addPlanned({file, place, entries, otherNames}: PlannedObject, found: FoundFiles): void {
	for (const name of otherNames) found.otherFiles.add(name);
	for (const entry of entries) if (found.isNew(Buffer.from(place + entry.file.slice(file.length)))) found.add(entry);
}

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
				// Who may only list, or only read, is not told whether there is an object of that name.
				if ((isPattern || splitMember(this.#path) !== null) && isMissingOrDenied(error)) return null;
				throw error;
			});
			if (named !== null) return this.#taking(await this.#planAll([named], false), []);
			const member = await this.#findMember();
			if (member !== null) return member;
			if (matching !== null) return matching;
		}
		return this.#walk(key === '' || key.endsWith('/') ? key : `${key}/`);
	}

	async #takeMatches(): Promise<() => void> {
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
		const planned = await this.#planAll(taken, true);
		return this.#taking(planned, others, () => {
			const message = isMet ? 'No data file is in the folders that match this pattern' : 'No file matches this pattern';
			this.#addNothing('NO_MATCH', message);
		});
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
		const planned = await this.#planAll(taken, true);
		return this.#taking(planned, others, () => {
			if (!isThere)
				return this.#addNothing(
					'NO_SUCH_OBJECT',
					`There is no such object, and none below ${folder === '' ? 'it' : folder}`,
				);
			const file = displayName(Buffer.from(this.#path));
			const sentence = `${file}: no .csv, .tsv, .txt or .log file (or .gz, .zst or .br of one), and no .parquet, .zip or .tar, in this folder`;
			found.addNothing({type: 'skipped', file, kind: 'a folder without data files'}, sentence);
		});
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

	/** A file in an archive, where its path says so and there is such an archive. */
	async #findMember(): Promise<(() => void) | null> {
		const member = splitMember(this.#path);
		const location = member === null ? null : remoteLocationOf(member.archive);
		if (member === null || location?.kind !== 's3') return null;
		const {findObject} = await import('../../remote/s3/list-objects.ts');
		const archive = await findObject(this.#bucket, location.key, retries);
		if (archive === null) return null;
		return this.#taking([await this.#plan(archive, false, new Set([member.name]))], []);
	}

	/** All that the run does not write itself. */
	#planAll(objects: readonly ListedObject[], isFound: boolean): Promise<readonly PlannedObject[]> {
		const {isOutput} = this.#planning;
		const taken = objects.filter(({key}) => !isFound || !isOutput(`s3://${this.#bucket}/${key}`));
		return inTurns(taken, object => this.#plan(object, isFound, null));
	}

	#plan(
		{key, size, version}: ListedObject,
		isFound: boolean,
		wanted: ReadonlySet<string> | null,
	): Promise<PlannedObject> {
		const source: S3Location = {kind: 's3', bucket: this.#bucket, key, version, size};
		return planObject(source, {place: nameOfRemote(source), isFound, wanted}, this.#planning);
	}

	/** @param otherwise - What is to be done where there is nothing. */
	#taking(planned: readonly PlannedObject[], others: readonly string[], otherwise = (): void => {}): () => void {
		const {found} = this.#planning;
		return () => {
			for (const name of others) found.otherFiles.add(name);
			if (planned.length === 0) return otherwise();
			for (const each of planned) addPlanned(each, found);
		};
	}

	#addNothing(code: string, message: string): void {
		const file = displayName(Buffer.from(this.#path));
		const error: ErrorReport = {code, message, line: null, byte_offset: null};
		const sentence = `${file}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
		this.#planning.found.addNothing({type: 'unreadable', file, error}, sentence);
	}
}

const isData = (key: string): boolean => dataFileName.test(key) || archiveFileName.test(key);
