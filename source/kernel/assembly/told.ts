// Values that the host has been told of, across files: a folder's files mostly name the same ids, and each need be told once.
//
//   slot, 16 bytes:  [ key ]        as in the table of mixed keys, see distinct.ts
import {LONG_KEY_TAG, slotHash} from './keys';
import {allocate, release} from './memory';

const SLOT_BYTES: usize = 16;
const FIRST_TOLD_LOG2: i32 = 12;
let told: usize = 0;
let toldLog2: i32 = 0;
let toldCount: u32 = 0;

function makeTold(log2: i32): void {
	toldLog2 = log2;
	told = allocate(SLOT_BYTES << (log2 as usize));
	memory.fill(told, 0, SLOT_BYTES << (log2 as usize));
}

/** The slot of a key among those that were told, empty or its own. */
function toldSlot(low: u64, high: u64): usize {
	const mask = ((1 as usize) << (toldLog2 as usize)) - 1;
	let index = (slotHash(low, high) >> (64 - (toldLog2 as u64))) as usize;
	while (true) {
		const slot = told + index * SLOT_BYTES;
		const found = load<u64>(slot, 8);
		if (found === 0 || (found === high && load<u64>(slot) === low)) return slot;
		index = (index + 1) & mask;
	}
}

function growTold(): void {
	const old = told;
	const oldBytes = SLOT_BYTES << (toldLog2 as usize);
	makeTold(toldLog2 + 1);
	for (let slot = old; slot < old + oldBytes; slot += SLOT_BYTES) {
		const high = load<u64>(slot, 8);
		if (high !== 0) v128.store(toldSlot(load<u64>(slot), high), v128.load(slot));
	}
	release(old, oldBytes);
}

/**
Writes a key unless it was told before.

@param mostValues - No more than so many are remembered.
@returns Where the next one goes.
*/
export function tell(low: u64, high: u64, out: usize, mostValues: u32): usize {
	if (toldLog2 === 0) makeTold(FIRST_TOLD_LOG2);
	if (high >> 56 !== LONG_KEY_TAG) {
		const known = toldSlot(low, high);
		if (load<u64>(known, 8) !== 0) return out;
		// More are never needed: by then the host estimates.
		if (toldCount < mostValues) {
			store<u64>(known, low);
			store<u64>(known, high, 8);
			toldCount++;
			if (toldCount * 2 > (1 as u32) << (toldLog2 as u32)) growTold();
		}
	}
	store<u64>(out, low);
	store<u64>(out, high, 8);
	return out + SLOT_BYTES;
}

// For numbers.ts, which remembers some of them in its own way: from slot to slot, skipping the empty ones.

export function toldTable(): usize {
	return told;
}
export function toldTableEnd(): usize {
	return toldLog2 === 0 ? told : told + (SLOT_BYTES << (toldLog2 as usize));
}
