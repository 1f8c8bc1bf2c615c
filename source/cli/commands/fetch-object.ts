// An object of another machine as a file of this one, for what takes files only: it lies in the folder for temporary ones until it is removed.
import {mkdtemp, open, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {planFiles} from '../../engine/plan/plan-files.ts';
import {isRemote} from '../../engine/shared/source-location.ts';
import {openRemote} from '../../remote/open-remote.ts';
import {RemoteError} from '../../remote/remote-error.ts';
import {nameOfRemote, pathOfRemote, type RemoteLocation} from '../../remote/remote-location.ts';
import {removeAtExit} from '../../report/temporary-files.ts';
import {safe} from '../../text/safe.ts';
import {isRemotePath, withoutSecrets} from '../../text/shown-url.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';

const PART_BYTES = 1024 * 1024;
/** Of a name, on most systems. */
const LONGEST_NAME_BYTES = 255;

export class FetchError extends EnvironmentError {
	readonly code: string;

	constructor(code: string, sentence: string) {
		super(sentence);
		this.code = code;
	}
}

export interface FetchedObject {
	/** Its name is that of the object. */
	readonly path: string;
	readonly remove: () => Promise<void>;
}

/** @throws {RemoteError} Where it cannot be read, or changes meanwhile. */
export async function fetchObject(location: RemoteLocation, signal?: AbortSignal): Promise<FetchedObject> {
	// Of its own: others may look into the folder for temporary files.
	const folder = await mkdtemp(join(tmpdir(), 'fileproc-'));
	const keep = removeAtExit(folder);
	const remove = async (): Promise<void> => {
		await rm(folder, {recursive: true, force: true});
		keep();
	};
	try {
		const path = join(folder, nameOnDisk(location));
		await copyTo(path, location, signal);
		return {path, remove};
	} catch (error) {
		await remove();
		throw error;
	}
}

function nameOnDisk(location: RemoteLocation): string {
	const name = basename(pathOfRemote(location));
	return /^\.{0,2}$/.test(name) || Buffer.byteLength(name) > LONGEST_NAME_BYTES ? 'object' : name;
}

async function copyTo(path: string, location: RemoteLocation, signal: AbortSignal | undefined): Promise<void> {
	const source = await openRemote(location);
	try {
		const file = await open(path, 'wx', 0o600);
		try {
			const part = new Uint8Array(PART_BYTES);
			for (;;) {
				const length = await source.read(part);
				signal?.throwIfAborted();
				if (length === 0) return;
				await file.writeFile(part.subarray(0, length));
			}
		} finally {
			await file.close();
		}
	} finally {
		source.close();
	}
}

/**
Fetches what a path names; `null` where that is on this machine.

@throws {FetchError} Where it is not one object, or cannot be read.
*/
export async function fetchNamed(path: string, signal?: AbortSignal): Promise<FetchedObject | null> {
	if (!isRemotePath(path)) return null;
	const name = safe(withoutSecrets(path));
	const {entries, unmatched} = await planFiles([path], {keepsArchives: true});
	const [entry] = entries;
	if (entry === undefined) throw new FetchError('NO_SUCH_OBJECT', `${unmatched.join(' ')}.`);
	if (entry.type === 'unreadable')
		throw new FetchError(entry.error.code, `${name} cannot be read: ${safe(entry.error.message)}.`);
	if (entry.type === 'skipped' || !isRemote(entry.source) || entry.isFound === true)
		throw new FetchError('NO_SUCH_OBJECT', `${name} is no object, but others may be below it: name one.`);
	try {
		return await fetchObject(entry.source, signal);
	} catch (error) {
		if (!(error instanceof RemoteError)) throw error;
		throw new FetchError(error.code, `${safe(nameOfRemote(entry.source))} cannot be read: ${safe(error.message)}.`);
	}
}
