// What the host is given of the distinct values, 16 bytes each: the keys of all that are no bits, or of those alone that it has not
// been told of. Bits it reads as they are, see numbers.ts.
import {
	evenTable,
	evenTableEnd,
	evenUpperHalf,
	learnFromSmallFile,
	mixedTable,
	mixedTableEnd,
	mostDistinct,
} from './distinct';
import {bitsOfNumbers, keyOfNumber, mayTellNumbers, NO_NUMBER, nextNumber, tellNumbers} from './numbers';
import {tell} from './told';

const KEY_BYTES: usize = 16;

/** Writes the keys of all values that are no bits to `target`, in no order. Returns how many. */
export function collectValues(target: usize): u32 {
	let out = target;
	const end = mixedTableEnd();
	for (let slot = mixedTable(); slot < end; slot += KEY_BYTES) {
		if (load<u64>(slot, 8) === 0) continue;
		v128.store(out, v128.load(slot));
		out += KEY_BYTES;
	}
	const high = evenUpperHalf();
	const evenEnd = evenTableEnd();
	for (let slot = evenTable(); slot < evenEnd; slot += 8) {
		const low = load<u64>(slot);
		if (low === 0) continue;
		store<u64>(out, low);
		store<u64>(out, high, 8);
		out += KEY_BYTES;
	}
	return ((out - target) / KEY_BYTES) as u32;
}

/**
As `collectValues`, but leaves out what the host was told of before, as far as is known: long values are always written, for their
text is not kept. What is told as a number is not written, see `tellNumbers`.

@returns How many were written.
*/
export function collectNews(target: usize): u32 {
	learnFromSmallFile();
	const most = mostDistinct();
	let out = target;
	const end = mixedTableEnd();
	for (let slot = mixedTable(); slot < end; slot += KEY_BYTES) {
		const high = load<u64>(slot, 8);
		if (high !== 0) out = tell(load<u64>(slot), high, out, most);
	}
	const high = evenUpperHalf();
	const evenEnd = evenTableEnd();
	for (let slot = evenTable(); slot < evenEnd; slot += 8) {
		const low = load<u64>(slot);
		if (low !== 0) out = tell(low, high, out, most);
	}
	if (bitsOfNumbers() > 0 && mayTellNumbers()) tellNumbers();
	else {
		for (let number = nextNumber(0); number !== NO_NUMBER; number = nextNumber(number + 1)) {
			const key = keyOfNumber(number);
			out = tell(i64x2.extract_lane(key, 0) as u64, i64x2.extract_lane(key, 1) as u64, out, most);
		}
	}
	return ((out - target) / KEY_BYTES) as u32;
}
