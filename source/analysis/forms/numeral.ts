// Digits with a decimal mark and signs between groups of digits: which mark a numeral proves, and how it reads with each.

export type DecimalMark = '.' | ',';

export interface Numeral {
	/**
	Which decimal mark it proves: `1.50` a point, `1.234.567` a comma. `open`: it is a number with either, and not the same one: `1.234`.
	`none`: it is the same with either, or nothing stands behind its mark.
	*/
	readonly proves: DecimalMark | 'open' | 'none';
	/** The sign between its groups with a decimal mark; `null` where it has no groups then. */
	readonly groupWith: (mark: DecimalMark) => string | null;
	/** As digits with a point; `null` if the cell is not a number with this mark. */
	readonly readWith: (mark: DecimalMark) => string | null;
}

const other = (mark: DecimalMark): DecimalMark => (mark === '.' ? ',' : '.');

/** `1.234`: three digits behind an only mark, and one to three in front of it that a group may begin with. */
const OPEN = /^[1-9]\d{0,2}([.,])\d{3}$/;
const GROUPS = {
	'.': /^\d{1,3}(?:\.\d{3})+$/,
	// Also in pairs, as in India.
	',': /^(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})$/,
	' ': /^\d{1,3}(?: \d{3})+$/,
	"'": /^\d{1,3}(?:'\d{3})+$/,
} as const;

/** @param text - Digits, points, commas, spaces and apostrophes. */
export function readNumeral(text: string): Numeral | null {
	const alone = text.replaceAll(/\d/g, '');
	if (!/\d/.test(text)) return null;
	if (alone === '') return sameWithBoth(text, null);
	const [group] = alone;
	if (group === ' ' || group === "'") return readSpaced(text, group);
	if (OPEN.test(text)) return readOpen(text);
	const last = alone.at(-1);
	if (last !== '.' && last !== ',') return null;
	const isMixed = alone.includes(other(last));
	// More than one of the same, and no other one: they stand between groups.
	if (alone.length > 1 && !isMixed) return readGroups(text, last);
	const at = text.lastIndexOf(last);
	const whole = text.slice(0, at);
	if (isMixed && !GROUPS[other(last)].test(whole)) return null;
	const decimals = text.slice(at + 1);
	const numeral = proving(last, `${whole.replaceAll(other(last), '')}.${decimals}`, isMixed ? other(last) : null);
	// `5,` may as well be a whole number with a comma too many: readers count it as digits alone.
	return decimals === '' && !isMixed ? {...numeral, proves: 'none'} : numeral;
}

function readOpen(text: string): Numeral {
	const mark = text.includes('.') ? '.' : ',';
	return {
		proves: 'open',
		groupWith: one => (one === mark ? null : mark),
		readWith: one => (one === mark ? text.replace(',', '.') : text.replace(mark, '')),
	};
}

const readGroups = (text: string, group: DecimalMark): Numeral | null =>
	GROUPS[group].test(text) ? proving(other(group), text.replaceAll(group, ''), group) : null;

/** Groups of digits with a separator that is never a decimal mark. */
function readSpaced(text: string, group: ' ' | "'"): Numeral | null {
	const [whole = '', ...parts] = text.split(/[.,]/);
	if (parts.length > 1 || !GROUPS[group].test(whole)) return null;
	const digits = whole.replaceAll(group, '');
	const [decimals] = parts;
	if (decimals === undefined) return sameWithBoth(digits, group);
	if (!/^\d+$/.test(decimals)) return null;
	return proving(text.includes('.') ? '.' : ',', `${digits}.${decimals}`, group);
}

const sameWithBoth = (digits: string, group: string | null): Numeral => ({
	proves: 'none',
	groupWith: () => group,
	readWith: () => digits,
});

const proving = (mark: DecimalMark, plain: string, group: string | null): Numeral => ({
	proves: mark,
	groupWith: () => group,
	readWith: one => (one === mark ? plain : null),
});
