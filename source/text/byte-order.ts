/**
Compares two strings as their UTF-8 bytes would compare.

JavaScript compares UTF-16 units, which differs in one place: a surrogate pair (U+10000 and up) begins with D800–DBFF and
so sorts before U+E000–U+FFFF, while its UTF-8 bytes sort after them. Lifting surrogates above those puts it right.

@returns Negative, zero or positive, as `Array.prototype.sort` wants it.
*/
export function compareUtf8(left: string, right: string): number {
	if (left === right) return 0;
	if (highUnit.test(left) && highUnit.test(right)) return compareUnits(left, right);
	// These texts cannot differ in that place, so the comparison of JavaScript is right, and takes a quarter of the
	// time.
	return left < right ? -1 : 1;
}

/** A surrogate, or a unit that sorts after the surrogates. */
const highUnit = /[\ud800-\uffff]/;

function compareUnits(left: string, right: string): number {
	const length = Math.min(left.length, right.length);
	for (let index = 0; index < length; index++) {
		const a = left.charCodeAt(index);
		const b = right.charCodeAt(index);
		if (a !== b) return rank(a) - rank(b);
	}
	return left.length - right.length;
}

const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
