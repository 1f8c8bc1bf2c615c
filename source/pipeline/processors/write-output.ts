// What a processor has made -> a file of the results. It is on the disk when this resolves, or not there at all.
import {type FileHandle, open, rm} from 'node:fs/promises';
import {basename, extname, join} from 'node:path';
import {formatByteSize} from '../../text/byte-size.ts';
import {pathBytes, systemPath} from '../../text/path-text.ts';
import {codeOf} from '../../text/system-error.ts';
import type {StepOutput} from '../pipeline.ts';
import {StepError} from '../pipeline.ts';

export interface OutputPlace {
	readonly outputFolder: string;
	readonly outputPrefix: string;
	/** The name of the processor. */
	readonly processor: string;
	/** Without a dot. */
	readonly ending: string;
}

export interface OutputOptions {
	/** More fails the file. */
	readonly maxBytes?: number;
	/** Told when the file is there: until it is whole, somebody must remove it where this process is ended. */
	readonly onOpened?: (name: string) => void;
}

/** More steps of one processor no file takes, see `MAX_STEPS`. */
const MAX_SAME_NAMES = 64;

/**
Writes a file that was not there.

@param write - Writes all of it. Where it throws, nothing is left.
*/
export async function writeOutput(
	place: OutputPlace,
	write: (file: OutputFile) => Promise<void>,
	options?: OutputOptions,
): Promise<StepOutput> {
	const file = await openOutput(place, options);
	try {
		await write(file);
		return await file.finish();
	} catch (error) {
		await file.discard();
		throw error;
	}
}

/** Begins `<prefix><processor>.<ending>`, or `<prefix><processor>-2.<ending>` where a step before has that one. Somebody must finish or discard it. */
export async function openOutput(
	place: OutputPlace,
	{maxBytes = Number.POSITIVE_INFINITY, onOpened}: OutputOptions = {},
): Promise<OutputFile> {
	for (let number = 1; number <= MAX_SAME_NAMES; number++) {
		const name = nameOf(place, number);
		const path = join(place.outputFolder, name);
		try {
			const handle = await open(systemPath(path), 'wx');
			onOpened?.(name);
			return new OutputFile(name, path, handle, maxBytes);
		} catch (error) {
			if (codeOf(error) !== 'EEXIST') throw notWritten(error);
		}
	}
	throw new StepError('RESULT_NOT_WRITTEN', `Expected fewer than ${MAX_SAME_NAMES} results of one processor of a file`);
}

/** What file systems take. */
const MAX_NAME_BYTES = 255;

/** Where it would be too long, the name of the processor is cut, and in front of that the name of the file. */
function nameOf({outputPrefix, processor, ending}: OutputPlace, number: number): string {
	const end = `${number === 1 ? '' : `-${number}`}.${ending}`;
	const room = MAX_NAME_BYTES - end.length;
	const prefix = cutTo(outputPrefix, room - 1);
	return `${prefix}${cutTo(processor, room - pathBytes(prefix).length)}${end}`;
}

function cutTo(name: string, bytes: number): string {
	const characters = Array.from(name);
	while (pathBytes(characters.join('')).length > bytes) characters.pop();
	return characters.join('');
}

/** Whatever else goes wrong is not of the disk. */
async function written<Value>(step: Promise<Value>): Promise<Value> {
	try {
		return await step;
	} catch (error) {
		throw notWritten(error);
	}
}

/** A full disk may have room later. */
const mayPass: ReadonlySet<string | undefined> = new Set([
	'ENOSPC',
	'EDQUOT',
	'EIO',
	'EMFILE',
	'ENFILE',
	'EAGAIN',
	'EBUSY',
	'ESTALE',
]);

const notWritten = (cause: unknown): StepError => {
	const code = codeOf(cause);
	const message = `What it made could not be written to the results: ${cause instanceof Error ? cause.message : String(cause)}`;
	// A full disk is no fault of the file: under its own name it is waited for.
	const name = code === 'ENOSPC' || code === 'EDQUOT' ? code : 'RESULT_NOT_WRITTEN';
	return new StepError(name, message, {cause, mayPass: mayPass.has(code)});
};

/** Small pieces are written together. */
const BUFFER_BYTES = 64 * 1024;

export class OutputFile {
	readonly #name: string;
	readonly #path: string;
	readonly #handle: FileHandle;
	readonly #maxBytes: number;
	readonly #buffer = Buffer.alloc(BUFFER_BYTES);
	#filled = 0;
	/** Where the buffer belongs. */
	#position = 0;
	bytes = 0;

	constructor(name: string, path: string, handle: FileHandle, maxBytes: number) {
		this.#name = name;
		this.#path = path;
		this.#handle = handle;
		this.#maxBytes = maxBytes;
	}

	/** Resolves when all of it is on the disk. */
	async finish(): Promise<StepOutput> {
		await this.flush();
		await written(this.#handle.sync());
		await written(this.#handle.close());
		return {name: this.#name, bytes: this.bytes};
	}

	/** Nothing is left of it. */
	async discard(): Promise<void> {
		await this.#handle.close().catch(() => {});
		await rm(systemPath(this.#path), {force: true}).catch(() => {});
	}

	async add(piece: string | Uint8Array): Promise<void> {
		const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
		this.bytes += bytes.length;
		if (this.bytes > this.#maxBytes)
			throw new StepError(
				'PROCESSOR_FAILED',
				`Expected at most ${formatByteSize(this.#maxBytes)} of what it makes of a file; there is more`,
			);
		if (this.#filled + bytes.length > BUFFER_BYTES) await this.flush();
		if (bytes.length > BUFFER_BYTES) return this.#write(bytes);
		this.#buffer.set(bytes, this.#filled);
		this.#filled += bytes.length;
	}

	async flush(): Promise<void> {
		const filled = this.#filled;
		this.#filled = 0;
		await this.#write(this.#buffer.subarray(0, filled));
	}

	/** Takes back what was written behind a place. */
	async truncate(position: number): Promise<void> {
		await this.flush();
		await written(this.#handle.truncate(position));
		this.bytes = position;
		this.#position = position;
	}

	async #write(bytes: Uint8Array): Promise<void> {
		for (let at = 0; at < bytes.length; ) {
			const {bytesWritten} = await written(this.#handle.write(bytes, at, bytes.length - at, this.#position));
			at += bytesWritten;
			this.#position += bytesWritten;
		}
	}
}

const ENDING = /^\.([A-Za-z0-9]{1,16})$/;
const PACKED = /\.(?:gz|zst|br)$/i;

/** What the name of a file ends with, without what it is packed with; `other` where that is nothing. */
export const endingOf = (name: string, other: string): string =>
	ENDING.exec(extname(basename(name).replace(PACKED, '')))?.[1] ?? other;
