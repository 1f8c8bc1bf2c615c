// A table of groups: records counted and numbers summed by a key.
//
//   slot:   [ key, 16 │ state │ state of the rows │ number of the key in the rows, 4; 12 ]      the last two for rows alone
//   state:  [ pending, 8 │ records, 8 │ sum, 16 ] [ pending, 8 │ count, 8 │ sum, 16 ] ...       32 bytes for each summand
//           [ smallest and largest, 16 ] ...      of each summand that has them, then of each range of dates: see extremes.ts
//
// A sum has 128 bits (sums.ts). Runs add to what is pending, which is carried over to the sum before it could overflow; the number of
// records is added with it, in one instruction. So the first summand is one that each record has, or else it is none at all.
import {ComputedText} from './computed';
import {NO_DATE} from './date-code';
import {DateReader} from './date-reader';
import {createRegisters, registerText, releaseRegisters} from './estimate';
import {EXTREMES_BYTES, extend, extendSlots, extendSlotsByDates, extendSlotsByTimes} from './extremes';
import {cellsOf} from './fields';
import {createCodes, findByDate, findByText, forgetCodes, releaseCodes} from './find-slots';
import {itemOf} from './items';
import {ABSENT, BY_RULES, COMPUTED_TEXT, KeyPart, openedKeyBytes, openedKeyStart, openKey, TEXT} from './key-parts';
import {KeyTable, keyBytes, keyText} from './key-table';
import {SLOT_OF_RECORD} from './memory';
import {forgetFields} from './raw-fields';
import {addHuge, hasCell, rescaleExtremes, Summand, spill, summedValue} from './summand';
import {addToSum, multiplySum} from './sums';
import {LARGEST_QUICK_UNITS} from './value';
import {ONE_MORE} from './vectors';

const KEY_SLOT_BYTES: usize = 16;
const SUMMAND_BYTES: usize = 32;
const NUMBER_BYTES: usize = 16;
/** Of a state, and of each summand in it. */
const PENDING: usize = 0;
export const COUNT: usize = 8;
export const SUM: usize = 16;

/** Below 2^63 ≈ 9.2 × 10^18, with room for the rounding of the bound. */
const LARGEST_PENDING: f64 = 9e18;

@unmanaged
export class GroupTable extends KeyTable {
	/** The first summand is that of the records; it may have no value. */
	summands: usize;
	summandCount: i32;
	/** Whether different keys are still counted, without the empty one, when there are more than can be kept. */
	countsKeys: bool;
	/** The estimate of them; 0 before there is one. */
	registers: usize;
	/** Whether the first summand is no sum. */
	isLedByRecords: bool;
	/** Dates or times of which the first and the last are kept: a list of readers, 0 for none, each with 1 behind it for times. */
	ranges: usize;
	rangeCount: i32;
	/** Bytes of a state, and of what is in front of the pairs of ranges. */
	stateBytes: usize;
	rangesAt: usize;
	first: KeyPart;
	second: KeyPart | null;
	codes: usize;
	isInRows: bool;
	/** Whether there are more groups than can be kept: then there are none. */
	isGivenUp: bool;
	/** How much the pending parts may have come to since they were carried over, at most. */
	pendingBound: f64;
	/** Keys that are numbered in the rows. */
	numbered: u32;

	create(arena: usize): void {
		this.createKeys(arena);
		this.codes = 0;
		this.registers = 0;
	}
	release(): void {
		this.releaseKeys();
		this.forgetEstimate();
		if (this.codes !== 0) releaseCodes(this.codes);
	}
	/** Says where keys come from. */
	setKey(first: KeyPart, second: KeyPart | null): void {
		this.first = first;
		this.second = second;
		const isByDate = second === null && first.part > TEXT && first.part < ABSENT;
		if (!isByDate || this.codes !== 0) return;
		this.codes = createCodes();
		forgetCodes(this.codes);
	}
	summandAt(index: i32): Summand {
		return changetype<Summand>(load<u32>(this.summands + 4 * (index as usize)) as usize);
	}
	/** Where the state of a summand is in a slot. */
	stateOf(index: i32): usize {
		return KEY_SLOT_BYTES + SUMMAND_BYTES * (index as usize);
	}
	/** Where what is anywhere in a state is in that of the rows. */
	inRows(at: usize): usize {
		return at + this.stateBytes;
	}
	numberAt(): usize {
		return KEY_SLOT_BYTES + 2 * this.stateBytes;
	}
	private isTimed(range: i32): bool {
		return itemOf(this.ranges, 2 * range + 1) === 1;
	}
	rangeAt(index: i32): usize {
		return this.rangesAt + EXTREMES_BYTES * (index as usize);
	}

	/** Says where all is in a slot, when summands and ranges are known. */
	layOut(): void {
		let at = this.stateOf(this.summandCount);
		for (let index: i32 = 0; index < this.summandCount; index++) {
			if (!this.summandAt(index).hasExtremes) continue;
			this.summandAt(index).extremesAt = at;
			at += EXTREMES_BYTES;
		}
		this.rangesAt = at;
		this.stateBytes = this.rangeAt(this.rangeCount) - KEY_SLOT_BYTES;
	}

	/** Begins empty. */
	begin(isInRows: bool): void {
		this.isInRows = isInRows;
		this.isGivenUp = false;
		this.numbered = 0;
		this.pendingBound = 0;
		this.forgetEstimate();
		if (this.codes !== 0) forgetCodes(this.codes);
		this.beginKeys(isInRows ? this.numberAt() + NUMBER_BYTES : this.numberAt() - this.stateBytes);
		for (let index: i32 = 0; index < this.summandCount; index++) {
			this.summandAt(index).scale = 0;
			if (isInRows) this.summandAt(index).rowsScale = 0;
		}
	}

	/** Begins the next file of the rows: the groups stay, and are emptied. */
	beginFile(): void {
		this.pendingBound = 0;
		forgetFields(this.rawFields);
		for (let key: u32 = 0; key < this.count; key++) memory.fill(this.slotAt(key) + KEY_SLOT_BYTES, 0, this.stateBytes);
		for (let index: i32 = 0; index < this.summandCount; index++) this.summandAt(index).scale = 0;
	}

	/** Begins rows: the groups stay, and are emptied of what all files of the rows before came to. */
	beginRows(): void {
		this.numbered = 0;
		const bytes = this.stateBytes + NUMBER_BYTES;
		const start = this.inRows(KEY_SLOT_BYTES);
		for (let key: u32 = 0; key < this.count; key++) memory.fill(this.slotAt(key) + start, 0, bytes);
		for (let index: i32 = 0; index < this.summandCount; index++) this.summandAt(index).rowsScale = 0;
	}

	/** Whether a summand is a sum of the declaration, not just the number of records. */
	isSum(index: i32): bool {
		return index > 0 || !this.isLedByRecords;
	}

	/**
	Adds the records `first` to `last` (exclusive) of a run.

	@param entries - The entry in front of the first field of the run's first record.
	@returns False where there are too many groups, and the file is one of the rows.
	*/
	addSpan(entries: usize, columns: i32, hasReturns: bool, quote: i32, first: i32, last: i32): bool {
		if (this.isGivenUp) {
			if (this.countsKeys) this.estimateKeys(entries, columns, first, last);
			return true;
		}
		if (!this.findSlots(entries, columns, hasReturns, quote, first, last)) {
			if (!this.giveUp()) return false;
			if (this.countsKeys) this.estimateKeys(entries, columns, first, last);
			return true;
		}
		const more = (LARGEST_QUICK_UNITS as f64) * ((last - first) as f64);
		if (this.pendingBound + more > LARGEST_PENDING) this.carry();
		this.pendingBound += more;
		for (let index: i32 = 0; index < this.summandCount; index++) {
			this.addUnits(index, first, last);
			const summand = this.summandAt(index);
			if (summand.hasExtremes && summand.value !== 0)
				extendSlots(summand.extremesAt, summedValue(summand), first, last);
		}
		for (let index: i32 = 0; index < this.rangeCount; index++) {
			const reader = itemOf(this.ranges, 2 * index);
			if (reader === 0) continue;
			const at = this.rangeAt(index);
			if (this.isTimed(index)) extendSlotsByTimes(at, changetype<DateReader>(reader), first, last);
			else extendSlotsByDates(at, changetype<DateReader>(reader), first, last);
		}
		return true;
	}

	private findSlots(entries: usize, columns: i32, hasReturns: bool, quote: i32, first: i32, last: i32): bool {
		const part = this.first.part;
		const at = this.first.at;
		if (this.second === null && part === TEXT) {
			return findByText(this, cellsOf(entries, at as i32, columns, hasReturns, quote), first, last) === last;
		}
		if (this.second === null && part === COMPUTED_TEXT) {
			return findByText(this, changetype<ComputedText>(at).cells(), first, last) === last;
		}
		if (this.second === null && part !== ABSENT) {
			return findByDate(this, this.codes, changetype<DateReader>(at), part, first, last) === last;
		}
		const stride: usize = 4 * (columns as usize);
		for (let record = first; record < last; record++) {
			const slot = this.findSlot(entries + stride * (record as usize), record);
			if (slot === 0) return false;
			store<u32>(SLOT_OF_RECORD + 4 * (record as usize), slot as u32);
		}
		return true;
	}

	private findSlot(entries: usize, record: i32): usize {
		openKey(this.first, this.second, entries, record);
		return this.find(openedKeyStart(), openedKeyBytes());
	}

	/** Adds the units of a summand, and counts. */
	private addUnits(index: i32, first: i32, last: i32): void {
		const summand = this.summandAt(index);
		const state = this.stateOf(index);
		let target: usize = SLOT_OF_RECORD + 4 * (first as usize);
		const end = SLOT_OF_RECORD + 4 * (last as usize);
		const one = v128.load(ONE_MORE);
		if (summand.value === 0) {
			// Records are counted whatever they have; another sum has none at all.
			if (index === 0) for (; target < end; target += 4) countOne((load<u32>(target) as usize) + state);
			return;
		}
		const value = summedValue(summand);
		let units: usize = value.units + 8 * (first as usize);
		if (value.nones !== 0) {
			let none: usize = value.nones + (first as usize);
			for (; target < end; target += 4, units += 8, none++) {
				const pair = (load<u32>(target) as usize) + state;
				const more = v128.load(ONE_MORE + 16 * (load<u8>(none) as usize));
				v128.store(pair, i64x2.add(v128.load(pair), v128.or(v128.load64_zero(units), more)));
			}
			return;
		}
		if (index === 0) {
			// As below, where the compiler knows the place in the slot: most tables have one sum.
			for (; target < end; target += 4, units += 8) {
				const slot = load<u32>(target) as usize;
				const sum = i64x2.add(v128.load(slot, KEY_SLOT_BYTES), v128.or(v128.load64_zero(units), one));
				v128.store(slot, sum, KEY_SLOT_BYTES);
			}
			return;
		}
		for (; target < end; target += 4, units += 8) {
			const pair = (load<u32>(target) as usize) + state;
			v128.store(pair, i64x2.add(v128.load(pair), v128.or(v128.load64_zero(units), one)));
		}
	}

	/**
	Adds the record that is read by the rules.

	@param entries - The entry in front of its first field.
	@returns False where there are too many groups, and the file is one of the rows.
	*/
	addRecord(entries: usize): bool {
		if (!this.isGivenUp) {
			const slot = this.findSlot(entries, BY_RULES);
			if (slot !== 0) {
				this.addToSlot(slot);
				return true;
			}
			if (!this.giveUp()) return false;
		}
		if (this.countsKeys) this.estimateKey(entries, BY_RULES);
		return true;
	}

	private addToSlot(slot: usize): void {
		for (let index: i32 = 0; index < this.summandCount; index++) {
			const summand = this.summandAt(index);
			const state = slot + this.stateOf(index);
			const isThere = hasCell(summand);
			if (index === 0 || isThere) countOne(state);
			if (!isThere) continue;
			const value = summedValue(summand);
			if (value.isHuge) addHuge(summand, keyText(slot), keyBytes(slot));
			else {
				addToSum(state + SUM, value.taken);
				if (summand.hasExtremes) extend(slot + summand.extremesAt, value.taken);
			}
		}
		for (let index: i32 = 0; index < this.rangeCount; index++) {
			const reader = itemOf(this.ranges, 2 * index);
			if (reader === 0) continue;
			const date = changetype<DateReader>(reader);
			if (date.code === NO_DATE) continue;
			extend(slot + this.rangeAt(index), (this.isTimed(index) ? date.moment() : (date.code as u64)) as i64);
		}
	}

	private estimateKeys(entries: usize, columns: i32, first: i32, last: i32): void {
		const stride: usize = 4 * (columns as usize);
		for (let record = first; record < last; record++) this.estimateKey(entries + stride * (record as usize), record);
	}

	private estimateKey(entries: usize, record: i32): void {
		openKey(this.first, this.second, entries, record);
		registerText(this.registers, openedKeyStart(), openedKeyBytes());
	}

	private forgetEstimate(): void {
		if (this.registers !== 0) releaseRegisters(this.registers);
		this.registers = 0;
	}

	/** Gives all groups up. In rows they stay, for other files have them too. */
	private giveUp(): bool {
		if (this.isInRows) return false;
		if (this.countsKeys) {
			this.registers = createRegisters();
			for (let key: u32 = 0; key < this.count; key++) {
				registerText(this.registers, keyText(this.slotAt(key)), keyBytes(this.slotAt(key)));
			}
		}
		this.forgetKeys();
		this.isGivenUp = true;
		return true;
	}

	/** Carries what is pending over to the sums. */
	carry(): void {
		this.pendingBound = 0;
		for (let key: u32 = 0; key < this.count; key++) {
			let state = this.slotAt(key) + KEY_SLOT_BYTES;
			const end = state + SUMMAND_BYTES * (this.summandCount as usize);
			for (; state < end; state += SUMMAND_BYTES) {
				const pending = load<i64>(state, PENDING);
				if (pending === 0) continue;
				addToSum(state + SUM, pending);
				store<i64>(state, 0, PENDING);
			}
		}
	}

	/** Multiplies the sums of a summand, because a number with more decimals has come. What leaves 128 bits goes to the host. */
	rescale(index: i32, factor: i64): void {
		this.carry();
		for (let key: u32 = 0; key < this.count; key++) {
			const slot = this.slotAt(key);
			const sum = slot + this.stateOf(index) + SUM;
			const summand = this.summandAt(index);
			if (!multiplySum(sum, factor)) spill(summand, keyText(slot), keyBytes(slot), sum);
			if (summand.hasExtremes)
				rescaleExtremes(summand, keyText(slot), keyBytes(slot), slot + summand.extremesAt, factor);
		}
	}
}

function countOne(state: usize): void {
	store<u64>(state, load<u64>(state, COUNT) + 1, COUNT);
}
