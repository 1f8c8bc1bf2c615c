// Streams that are to be read twice: each is kept in a temporary file as long as that takes.
import {open, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {AbortedError} from '../../../engine/shared/shared-progress.ts';
import {isRemote} from '../../../engine/shared/source-location.ts';
import {openWithoutWaiting, readDescriptor} from '../../../engine/worker/source/stream-source.ts';
import type {InputFile} from '../../../pipeline/convert/convert-files.ts';
import {removeAtExit} from '../../../report/temporary-files.ts';
import {EnvironmentError} from '../../arguments/environment-error.ts';

const BUFFER_BYTES = 256 * 1024;

/** @returns The same files, of which each can be read again, unless it is in an archive that cannot. */
export async function saveStreams(files: readonly InputFile[], signal: AbortSignal): Promise<readonly InputFile[]> {
	const saved: InputFile[] = [];
	for (const input of files) {
		const {source} = input;
		if (source.kind === 'file' || source.kind === 'member' || isRemote(source)) saved.push(input);
		else {
			const descriptor = source.kind === 'standard-input' ? 0 : source.at;
			const path = await save(typeof descriptor === 'number' ? descriptor : openWithoutWaiting(descriptor), signal);
			saved.push({...input, source: {kind: 'file', path}});
		}
	}
	return saved;
}

async function save(descriptor: number, signal: AbortSignal): Promise<string> {
	const path = join(tmpdir(), `.fileproc-${crypto.randomUUID()}.tmp`);
	const stream = readDescriptor(descriptor);
	const aborted = new Promise<never>((_, reject) => {
		signal.addEventListener('abort', () => reject(new AbortedError()), {once: true});
	});
	try {
		const file = await open(path, 'wx', 0o600);
		removeAtExit(path);
		try {
			const buffer = new Uint8Array(BUFFER_BYTES);
			for (;;) {
				const length = await Promise.race([stream.read(buffer), aborted]);
				if (length === 0) return path;
				await file.writeFile(buffer.subarray(0, length));
			}
		} finally {
			await file.close();
		}
	} catch (error) {
		await rm(path, {force: true});
		if (error instanceof AbortedError) throw error;
		throw new EnvironmentError('A stream is read twice, and could not be kept in a temporary file meanwhile', error);
	} finally {
		stream.close();
	}
}
