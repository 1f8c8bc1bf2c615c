// The keys of the groups of a table as results name them. They came once for many files, and are laid out once.

import {splitKey} from '../../analysis/groups/key-parts.ts';
import {listedName} from '../../analysis/listed-name.ts';
import {decodeKeys} from '../../analysis/row-keys.ts';
import {layOut} from '../../text/json-layout.ts';
import {type Piece, pieceOf} from './json-style.ts';

/** Names of groups that many files have are laid out once for all of them. */
const MAX_KNOWN_NAMES = 4096;

/** How the groups of a table are named. @typeParam Name - A group as it is written. */
export class NameStyle<Name> {
	readonly #keyCount: number;
	readonly #layOut: (keys: readonly Piece[]) => Name;
	readonly #known = new Map<string, Name>();

	constructor(keyCount: number, layOutGroup: (keys: readonly Piece[]) => Name) {
		this.#keyCount = keyCount;
		this.#layOut = layOutGroup;
	}

	split(key: string): readonly string[] {
		return splitKey(key, this.#keyCount);
	}

	nameOf(key: string): Name {
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const name = this.#layOut(this.split(key).map(part => pieceOf(layOut(listedName(part), ''))));
		if (this.#known.size === MAX_KNOWN_NAMES) this.#known.clear();
		this.#known.set(key, name);
		return name;
	}
}

/** The groups of files that came together, by the numbers of their keys. */
export class GroupNames<Name> {
	readonly #style: NameStyle<Name>;
	readonly #keys: readonly string[];
	readonly #names: (Name | undefined)[];
	#ranks: readonly number[] | null = null;

	/** @param keys - As `KeyNumbers` encodes them. */
	constructor(keys: Uint8Array, style: NameStyle<Name>) {
		this.#style = style;
		this.#keys = decodeKeys(keys);
		this.#names = new Array(this.#keys.length);
	}

	at(number: number): Name {
		const known = this.#names[number];
		if (known !== undefined) return known;
		const key = this.#keys[number];
		if (key === undefined) throw new Error(`Expected a key of the number ${number}`);
		const name = this.#style.nameOf(key);
		this.#names[number] = name;
		return name;
	}

	/** By the number of a key: its place in the order of the bytes of all keys. */
	get ranks(): readonly number[] {
		this.#ranks ??= this.#rank();
		return this.#ranks;
	}

	#rank(): number[] {
		const ranks = new Array<number>(this.#keys.length);
		const split = this.#keys.map(key => this.#style.split(key));
		const numbers = Array.from(this.#keys.keys()).sort((one, other) => compareKeys(split[one], split[other]));
		for (const [rank, number] of numbers.entries()) ranks[number] = rank;
		return ranks;
	}
}

/** The most frequent values of a text of files that came together, by the numbers of their keys. */
export class TopNames {
	readonly #keys: readonly string[];
	readonly #names: (string | undefined)[];

	/** @param keys - As `KeyNumbers` encodes them. */
	constructor(keys: Uint8Array) {
		this.#keys = decodeKeys(keys);
		this.#names = new Array(this.#keys.length);
	}

	at(number: number): string {
		const name = this.#names[number] ?? listedName(this.#keys[number] ?? '');
		this.#names[number] = name;
		return name;
	}
}

/** One character per byte, so the order of texts is that of bytes. */
function compareKeys(keys: readonly string[] = [], others: readonly string[] = []): number {
	const part = keys.findIndex((key, place) => key !== others[place]);
	return part === -1 ? 0 : (keys[part] ?? '') < (others[part] ?? '') ? -1 : 1;
}
