import {type FileState, identityOf} from '../shared/file-state.ts';

const FIGURES = 5;
const FIRST_FILES = 64;

/** The states in which files were read, as rows of numbers: for 100,000 files, an object for each takes three times the memory. */
export class ReadStates {
	#figures = new Float64Array(FIRST_FILES * FIGURES);
	#count = 0;

	/** Returns the number by which `identityOf` knows it. */
	keep({dev, ino, size, mtimeMs, ctimeMs}: FileState): number {
		const at = this.#count * FIGURES;
		if (at === this.#figures.length) {
			const longer = new Float64Array(2 * at);
			longer.set(this.#figures);
			this.#figures = longer;
		}
		this.#figures.set([dev, ino, size, mtimeMs, ctimeMs], at);
		return this.#count++;
	}

	/** @param readState - As `Job.readState`. */
	identityOf(readState: string | number | null): string | null {
		if (typeof readState !== 'number') return readState;
		const at = readState * FIGURES;
		const [dev = 0, ino = 0, size = 0, mtimeMs = 0, ctimeMs = 0] = this.#figures.subarray(at, at + FIGURES);
		return identityOf({dev, ino, size, mtimeMs, ctimeMs});
	}
}
