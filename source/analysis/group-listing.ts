// The groups that a report lists, of any number of groups: they come in pieces, and only the first ones in order are kept.
import {addDecimals, zeroDecimal} from './decimal.ts';
import {
	absorbGroups,
	createGroups,
	discardGroups,
	type GroupLimits,
	type GroupsPartial,
	type GroupTotals,
	giveUpGroups,
	groupsInUtf8,
	selectGroups,
	totalOf,
} from './groups.ts';
import {rankGroups} from './rank-groups.ts';
import type {TextEncoding} from './text-encoding.ts';

export class GroupListing {
	readonly #limits: GroupLimits;
	readonly #mostListed: number;
	readonly #encoding: TextEncoding;
	#groups: GroupsPartial;
	#totals: GroupTotals = {count: 0, amount: zeroDecimal};
	/** Of all groups that were taken. */
	#groupCount = 0;
	#nameBytes = 0;

	constructor(limits: GroupLimits, mostListed: number, encoding: TextEncoding) {
		this.#limits = limits;
		this.#mostListed = mostListed;
		this.#encoding = encoding;
		this.#groups = createGroups(limits);
	}

	/** The first ones, in UTF-8. They are given up where all together would be. */
	get groups(): GroupsPartial {
		return this.#groups;
	}

	/** Of all groups that were taken. */
	get totals(): GroupTotals {
		return this.#totals;
	}

	/** Takes groups over that have other names than those before. */
	take(piece: GroupsPartial): void {
		const {count, amount} = totalOf(piece);
		this.#totals = {count: this.#totals.count + count, amount: addDecimals(this.#totals.amount, amount)};
		// The order is that of the bytes in UTF-8, so the names are transcoded before they are compared.
		const groups = this.#encoding === 'utf-8' ? piece : groupsInUtf8(piece);
		this.#groupCount += groups.count;
		this.#nameBytes += groups.nameBytes;
		const {mostGroups, mostNameBytes} = this.#limits;
		const isTooMuch = this.#groupCount > mostGroups || this.#nameBytes > mostNameBytes;
		if (groups.areGivenUp || isTooMuch) giveUpGroups(this.#groups);
		if (!this.#groups.areGivenUp) {
			absorbGroups(this.#groups, this.#first(groups));
			const both = this.#groups;
			this.#groups = this.#first(both);
			discardGroups(both);
		}
		discardGroups(groups);
		discardGroups(piece);
	}

	#first(groups: GroupsPartial): GroupsPartial {
		return selectGroups(groups, rankGroups(groups, this.#mostListed));
	}
}
