// Doubles do not add up to the same in every order, so a number that a function gives is made units of its decimals first.
import {powerOfTen} from '../decimal.ts';
import {divideUnits, type Units} from '../units.ts';

/** Powers of ten up to the 22nd are exact. */
const powers = Array.from({length: 23}, (_, exponent) => 10 ** exponent);
/** With one digit more, decimals are still those that a double is written with: IEEE 754-2019, 5.12.2. */
const MAX_QUICK_UNITS = 9e13;
/** How far from a half a product may be that was rounded to a double: by less than 2^-52 of `MAX_QUICK_UNITS`. */
const HALF_WIDTH = 0.05;

/**
A number in units of 10^-decimals, rounded half to even. What is rounded is the shortest decimal that stands for the double, which is how
JavaScript writes it: 1.015 is a half, although the double is a little less.

@param value - Finite.
@param decimals - At most 18.
*/
export function roundNumber(value: number, decimals: number): Units {
	const product = value * (powers[decimals] ?? Number.NaN);
	if (!(Math.abs(product) < MAX_QUICK_UNITS)) return roundWritten(value, decimals);
	const below = Math.floor(product);
	const part = product - below;
	if (part < 0.5 - HALF_WIDTH) return below + 0;
	if (part > 0.5 + HALF_WIDTH) return below + 1;
	// The double that is nearest to the half between both: decimals of 15 digits have different ones.
	const half = (below * 10 + 5) / (powers[decimals + 1] ?? Number.NaN);
	if (value !== half) return value < half ? below + 0 : below + 1;
	return below % 2 === 0 ? below + 0 : below + 1;
}

/** The same by the digits of the number. */
function roundWritten(value: number, decimals: number): Units {
	const [mantissa = '', exponent = '0'] = String(value).split('e');
	const [whole = '', rest = ''] = mantissa.split('.');
	return roundUnits(BigInt(whole + rest), rest.length - Number(exponent), decimals);
}

/** Units of 10^-scale in units of 10^-decimals, rounded half to even. The scale may be negative. */
export function roundUnits(units: Units, scale: number, decimals: number): Units {
	const rounded =
		scale <= decimals
			? BigInt(units) * powerOfTen(decimals - scale)
			: divideUnits(BigInt(units), 0, powerOfTen(scale - decimals));
	const small = Number(rounded);
	return Number.isSafeInteger(small) ? small + 0 : rounded;
}
