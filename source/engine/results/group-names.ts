// The keys of the groups of a table as rows and results name them. They came once for many files, and are laid out once.
import type {GroupMeasure} from '../../analysis/declaration.ts';
import {decodeKeys, splitKey} from '../../analysis/file-rows.ts';
import {listedName} from '../../analysis/finish.ts';
import {layOut} from '../../text/json-layout.ts';
import {type JsonStyle, type Piece, pieceOf} from './json-style.ts';

export interface GroupName {
	/** The keys as parts of a row: `"category": "food"`. */
	readonly parts: readonly Uint8Array[];
	/** Of all parts together; see `Piece.excess`. */
	readonly bytes: number;
	readonly excess: number;
	/** The value of the first one alone: `"food"`. */
	readonly first: Piece;
}

export class GroupNames {
	readonly #keys: readonly string[];
	readonly #partNames: readonly string[];
	readonly #names: (GroupName | undefined)[];
	#ranks: readonly number[] | null = null;

	/** @param keys - As `KeyNumbers` encodes them. */
	constructor(keys: Uint8Array, measure: GroupMeasure, {colon}: JsonStyle) {
		this.#keys = decodeKeys(keys);
		this.#partNames = measure.keys.map(({name}) => JSON.stringify(name) + colon);
		this.#names = new Array(this.#keys.length);
	}

	/** @param number - Of the key. */
	at(number: number): GroupName {
		return this.#names[number] ?? this.#layOut(number);
	}

	/** By the number of a key: its place in the order of the bytes of all keys. */
	get ranks(): readonly number[] {
		this.#ranks ??= this.#rank();
		return this.#ranks;
	}

	#layOut(number: number): GroupName {
		const key = this.#keys[number];
		if (key === undefined) throw new Error(`Expected a key of the number ${number}`);
		const keys = splitKey(key, this.#partNames.length);
		const texts = keys.map(part => layOut(listedName(part), ''));
		const parts = this.#partNames.map((name, place) => pieceOf(name + texts[place]));
		const name = {
			parts: parts.map(part => part.bytes),
			bytes: parts.reduce((sum, part) => sum + part.bytes.length, 0),
			excess: parts.reduce((sum, part) => sum + part.excess, 0),
			first: pieceOf(texts[0] ?? ''),
		};
		this.#names[number] = name;
		return name;
	}

	#rank(): number[] {
		const ranks = new Array<number>(this.#keys.length);
		const split = this.#keys.map(key => splitKey(key, this.#partNames.length));
		const numbers = Array.from(this.#keys.keys()).sort((one, other) => compareKeys(split[one], split[other]));
		for (const [rank, number] of numbers.entries()) ranks[number] = rank;
		return ranks;
	}
}

/** One character per byte, so the order of texts is that of bytes. */
function compareKeys(keys: readonly string[] = [], others: readonly string[] = []): number {
	const part = keys.findIndex((key, place) => key !== others[place]);
	return part === -1 ? 0 : (keys[part] ?? '') < (others[part] ?? '') ? -1 : 1;
}
