// Results that are written to a store that speaks S3. Each is first a file of this machine, in the folder for temporary ones, so what others see
// of it is whole.
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {extname, join} from 'node:path';
import {openRemote} from '../../remote/open-remote.ts';
import {RemoteError} from '../../remote/remote-error.ts';
import {remoteLocationOf, type S3Location} from '../../remote/remote-location.ts';
import {removeAtExit} from '../../report/temporary-files.ts';
import {safe} from '../../text/safe.ts';
import {withoutSecrets} from '../../text/shown-url.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import {quoted, UsageError} from '../arguments/usage-error.ts';

const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
	['.json', 'application/json'],
	['.jsonl', 'application/x-ndjson'],
	['.csv', 'text/csv; charset=utf-8'],
	['.md', 'text/markdown; charset=utf-8'],
	['.html', 'text/html; charset=utf-8'],
	['.parquet', 'application/vnd.apache.parquet'],
]);

/** @throws {UsageError} When it is no object of such a store. */
export function objectAt(flag: string, path: string): S3Location {
	const location = remoteLocationOf(path);
	if (location?.kind === 's3') return location;
	throw new UsageError(
		`${flag} takes a file, or an object as s3://bucket/key; but got ${quoted(withoutSecrets(path))}. Nothing is written to web servers.`,
	);
}

/** The first bytes of an object; `null` where there is none. */
async function startOf(location: S3Location, length: number): Promise<Uint8Array | null> {
	const {findObject} = await import('../../remote/s3/list-objects.ts');
	if ((await findObject(location.bucket, location.key)) === null) return null;
	const source = await openRemote(location);
	try {
		const start = new Uint8Array(length);
		let filled = 0;
		for (let read = 1; read > 0 && filled < length; filled += read) read = await source.read(start.subarray(filled));
		return start.subarray(0, filled);
	} finally {
		source.close();
	}
}

export interface ObjectRule {
	readonly flag: string;
	/** What it is called in sentences. */
	readonly noun: string;
	/** What is said of one that is there and may not be replaced. */
	readonly reason: string;
	/** So many first bytes of one that is there say whether it may be replaced. */
	readonly startBytes: number;
	readonly mayReplace: (start: Uint8Array) => boolean;
}

/**
Before the run, and again before it is written: no object of others is replaced.

@throws {EnvironmentError} When it would be, or the store cannot be asked.
*/
export async function assertReplaceable(
	path: string,
	{flag, noun, reason, startBytes, mayReplace}: ObjectRule,
): Promise<void> {
	const location = objectAt(flag, path);
	let start: Uint8Array | null;
	try {
		start = await startOf(location, startBytes);
	} catch (error) {
		throw notWritten(noun, path, error);
	}
	if (start === null || start.length === 0 || mayReplace(start)) return;
	throw new EnvironmentError(`${noun} ${safe(path)} is not written: ${reason} --force replaces it.`);
}

/**
@param write - Writes the file that becomes the object; resolves with whether it is wanted.
@throws {EnvironmentError} When it could not be written.
*/
export async function saveObject(
	path: string,
	rule: ObjectRule,
	write: (file: string) => Promise<boolean>,
): Promise<void> {
	const location = objectAt(rule.flag, path);
	const ending = extname(path).toLowerCase();
	// Of its own: others may look into the folder for temporary files.
	const folder = await mkdtemp(join(tmpdir(), 'fileproc-'));
	const file = join(folder, `object${ending}`);
	removeAtExit(file);
	try {
		if (!(await write(file))) return;
		await assertReplaceable(path, rule);
		const {writeObject} = await import('../../remote/s3/write-object.ts');
		await writeObject(file, location, CONTENT_TYPES.get(ending) ?? 'application/octet-stream');
	} catch (error) {
		throw error instanceof RemoteError ? notWritten(rule.noun, path, error) : error;
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

const notWritten = (noun: string, path: string, error: unknown): Error =>
	error instanceof RemoteError
		? new EnvironmentError(`${noun} ${safe(path)} was not written: ${safe(error.message)}.`)
		: (error as Error);
