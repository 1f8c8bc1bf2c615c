// Partials of the files of one task, on the disk until its tables are written: an archive may have more of them than memory should hold.
import {type FileHandle, open, rm} from 'node:fs/promises';
import type {NamedPartial} from '../../engine/shared/protocol.ts';
import type {SpooledPartial} from './kept-table.ts';

export class PartialSpool {
	readonly path: string;
	readonly #file: FileHandle;
	readonly #partials: SpooledPartial[] = [];
	#end = 0;
	/** One after the other. */
	#steps: Promise<void> = Promise.resolve();

	private constructor(path: string, file: FileHandle) {
		this.path = path;
		this.#file = file;
	}

	/** One that was left under this path is replaced. @throws {Error} Of the system. */
	static async create(path: string): Promise<PartialSpool> {
		return new PartialSpool(path, await open(path, 'w', 0o600));
	}

	get partials(): readonly SpooledPartial[] {
		return this.#partials;
	}

	/** May be tried again where it fails. @throws {Error} Of the system. */
	add(place: number, all: readonly NamedPartial[]): Promise<void> {
		const added = this.#steps.then(async () => {
			let end = this.#end;
			const written: SpooledPartial[] = [];
			for (const {analysis, partial} of all) {
				for (let at = 0; at < partial.length; )
					at += (await this.#file.write(partial, at, partial.length - at, end + at)).bytesWritten;
				written.push({place, analysis, start: end, bytes: partial.length});
				end += partial.length;
			}
			this.#partials.push(...written);
			this.#end = end;
		});
		this.#steps = added.catch(() => {});
		return added;
	}

	async remove(): Promise<void> {
		await this.#steps;
		await this.#file.close();
		await rm(this.path, {force: true});
	}
}
