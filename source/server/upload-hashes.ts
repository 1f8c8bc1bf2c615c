// Hashes of all bytes so far of uploads in pieces, for as long as the process lives: after a restart the file is read once at its end.
import {createHash, type Hash} from 'node:crypto';
import {readStored} from './encryption/stored-file.ts';

interface RunningHash {
	readonly hash: Hash;
	readonly bytes: number;
}

export class UploadHashes {
	readonly #hashes = new Map<string, RunningHash>();

	/** A copy, because the bytes that follow may turn out to be wrong. `null`: bytes before are not known any more. */
	takeAt(id: string, offset: number): Hash | null {
		const known = this.#hashes.get(id);
		this.#hashes.delete(id);
		if (offset === 0) return createHash('sha256');
		return known?.bytes === offset ? known.hash.copy() : null;
	}

	/** @param hash - Of as many bytes; `null`: it is not known. */
	keep(id: string, hash: Hash | null, bytes: number): void {
		if (hash !== null) this.#hashes.set(id, {hash, bytes});
	}

	forget(id: string): void {
		this.#hashes.delete(id);
	}

	/** Of the whole file at `path`. */
	async endOf(id: string, bytes: number, path: string): Promise<Buffer> {
		const known = this.#hashes.get(id);
		this.#hashes.delete(id);
		if (known?.bytes === bytes) return known.hash.digest();
		const hash = createHash('sha256');
		for await (const chunk of readStored(path)) hash.update(chunk);
		return hash.digest();
	}
}
