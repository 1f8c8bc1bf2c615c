// The groups that a report lists, of any number of groups: they come in pieces, and only the first ones in order are kept.
import type {GroupMeasure} from '../declaration.ts';
import {createRegisters, estimateCount, mergeRegisters} from '../estimate.ts';
import {KEY_END_WORD} from '../figures.ts';
import type {TextEncoding} from '../text-encoding.ts';
import {runToEnd} from '../turns.ts';
import {
	additionKey,
	addKeys,
	countKeys,
	createGroups,
	discardGroups,
	type GroupTable,
	giveUpGroups,
	keyEnd,
	keyStart,
	scaleOf,
} from './group-table.ts';
import {groupsInUtf8} from './groups-in-utf8.ts';
import {absorbGroups, raiseScale} from './merge-groups.ts';
import {rankGroups} from './rank-groups.ts';

export class GroupListing {
	readonly #measure: GroupMeasure;
	readonly #encoding: TextEncoding;
	/** The first ones, in UTF-8. They are given up where all together would be. */
	#groups: GroupTable;
	#keyBytes = 0;
	/** Of all groups that were taken. */
	groupCount = 0;
	#keyCount = 0;
	/** The estimate of different keys, where they are counted. */
	readonly registers: Uint8Array | null;

	constructor(groups: GroupTable, measure: GroupMeasure, encoding: TextEncoding) {
		this.#groups = groups;
		this.#measure = measure;
		this.#encoding = encoding;
		this.registers = groups.layout.countsKeys ? createRegisters() : null;
	}

	/** Different keys of all groups that were taken that are not empty. */
	get distinctKeys(): {readonly value: number; readonly exact: boolean} {
		const isEstimate = this.#groups.isGivenUp && this.registers !== null;
		return isEstimate ? {value: estimateCount(this.registers), exact: false} : {value: this.#keyCount, exact: true};
	}

	get groups(): GroupTable {
		return this.#groups;
	}

	/** Takes groups over that have other keys than those before. */
	add(piece: GroupTable): void {
		// The order is that of the bytes in UTF-8, so the keys are transcoded before they are compared.
		const groups = this.#encoding === 'utf-8' ? piece : runToEnd(groupsInUtf8(piece, this.#encoding));
		this.groupCount += groups.count;
		this.#countKeys(groups);
		this.#keyBytes += groups.keyBytes;
		const {maxGroups, maxKeyBytes} = groups.layout;
		const isTooMuch = this.groupCount > maxGroups || this.#keyBytes > maxKeyBytes;
		if (groups.isGivenUp || isTooMuch) giveUpGroups(this.#groups);
		if (!this.#groups.isGivenUp) {
			absorbGroups(this.#groups, this.#first(groups));
			const both = this.#groups;
			this.#groups = this.#first(both);
			discardGroups(both);
		}
		discardGroups(groups);
		discardGroups(piece);
	}

	#countKeys(groups: GroupTable): void {
		if (this.registers === null) return;
		addKeys(this.registers, groups);
		if (groups.registers !== null) mergeRegisters(this.registers, groups.registers);
		else this.#keyCount += countKeys(groups).value;
	}

	#first(groups: GroupTable): GroupTable {
		const first = selectGroups(groups, rankGroups(groups, this.#measure));
		// Sums are listed with the decimals of the whole table.
		for (let sum = 0; sum < groups.scales.length; sum++) raiseScale(first, sum, scaleOf(groups, sum));
		return first;
	}
}

/** The groups at those places alone, as their only copy. */
function selectGroups(source: GroupTable, places: readonly number[]): GroupTable {
	const {layout, entries, keys} = source;
	const lengths = places.map(place => keyEnd(source, place) - keyStart(source, place));
	const keyBytes = lengths.reduce((sum, length) => sum + length, 0);
	const groups = {
		...createGroups(layout),
		entries: new Uint32Array(places.length * layout.entryWords),
		keys: new Uint8Array(keyBytes),
		count: places.length,
		keyBytes,
		scales: [...source.scales],
	};
	let end = 0;
	for (const [own, place] of places.entries()) {
		const from = place * layout.entryWords;
		groups.entries.set(entries.subarray(from, from + layout.entryWords), own * layout.entryWords);
		groups.keys.set(keys.subarray(keyStart(source, place), keyEnd(source, place)), end);
		end += lengths[own] ?? 0;
		groups.entries[own * layout.entryWords + KEY_END_WORD] = end;
		for (let sum = 0; sum < layout.sums.size; sum++) {
			const addition = source.additions.get(additionKey(source, place, sum));
			if (addition !== undefined) groups.additions.set(additionKey(groups, own, sum), addition);
			const extremes = source.wideExtremes.get(additionKey(source, place, sum));
			if (extremes !== undefined) groups.wideExtremes.set(additionKey(groups, own, sum), extremes);
		}
	}
	return groups;
}
