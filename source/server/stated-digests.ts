// Digests that come with what is sent (RFC 9530): who states one gets a refusal when other bytes have come.
import {createHash, type Hash} from 'node:crypto';
import type {IncomingHttpHeaders} from 'node:http';
import {problem} from './problem.ts';

const ALGORITHMS: ReadonlyMap<string, {readonly hash: string; readonly bytes: number}> = new Map([
	['sha-256', {hash: 'sha256', bytes: 32}],
	['sha-512', {hash: 'sha512', bytes: 64}],
]);

/** What a client asks for when it says nothing, by how much it is wanted. */
export const WANTED_DIGESTS = 'sha-256=10, sha-512=5';

interface StatedDigest {
	readonly header: string;
	readonly algorithm: string;
	readonly expected: Buffer;
	readonly hash: Hash;
}

/** Of one body: `update` for all of its bytes, then `verify`. */
export class StatedDigests {
	readonly #stated: readonly StatedDigest[];

	/** @throws {Problem} Where none of those that are stated can be checked. */
	constructor(headers: IncomingHttpHeaders) {
		this.#stated = ['content-digest', 'repr-digest'].flatMap(header => readDigests(header, headers[header]));
	}

	get isEmpty(): boolean {
		return this.#stated.length === 0;
	}

	update(bytes: Uint8Array): void {
		for (const {hash} of this.#stated) hash.update(bytes);
	}

	/** @throws {Problem} When other bytes have come. */
	verify(): void {
		for (const {header, algorithm, expected, hash} of this.#stated) {
			const found = hash.digest();
			if (!found.equals(expected))
				throw problem(
					'WRONG_DIGEST',
					`Expected bytes whose ${algorithm} is ${expected.toString('base64')}, as ${header} says; it is ${found.toString('base64')}.`,
				);
		}
	}
}

/** A dictionary of byte sequences (RFC 8941): `sha-256=:…:, sha-512=:…:`. */
function readDigests(header: string, value: string | readonly string[] | undefined): readonly StatedDigest[] {
	if (value === undefined) return [];
	const entries = String(value)
		.split(',')
		.map(each => /^\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):\s*$/.exec(each));
	const known = entries.flatMap(entry => {
		const [, algorithm = '', base64 = ''] = entry ?? [];
		const {hash, bytes} = ALGORITHMS.get(algorithm) ?? {};
		if (hash === undefined) return [];
		const expected = Buffer.from(base64, 'base64');
		if (expected.length !== bytes) throw problem('BAD_DIGEST', `${header} has no ${algorithm} of ${bytes} bytes.`);
		return [{header, algorithm, expected, hash: createHash(hash)}];
	});
	if (entries.includes(null))
		throw problem('BAD_DIGEST', `Expected ${header} like sha-256=:…:, with base64 between the colons.`);
	// One that is not checked would be taken for one that is right.
	if (known.length === 0)
		throw problem(
			'BAD_DIGEST',
			`${header} states no digest that can be checked: known are ${Array.from(ALGORITHMS.keys()).join(' and ')}.`,
		);
	return known;
}
