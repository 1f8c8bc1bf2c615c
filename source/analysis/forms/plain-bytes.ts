// Signs that stand in numbers beside ASCII, in UTF-8 or in Windows-1252 -> the ones in ASCII. Which encoding a file has is known at its end
// only, and no cell that is a number in one of them is another number in the other.

/** By their bytes, one character each. */
const signs: Readonly<Record<string, string>> = {
	// No-break space, figure space, thin space, narrow no-break space.
	'\xc2\xa0': ' ',
	'\xe2\x80\x87': ' ',
	'\xe2\x80\x89': ' ',
	'\xe2\x80\xaf': ' ',
	'\xa0': ' ',
	// Right single quotation mark.
	'\xe2\x80\x99': "'",
	'\x92': "'",
	// Minus sign, en dash.
	'\xe2\x88\x92': '-',
	'\xe2\x80\x93': '-',
	'\x96': '-',
	// Euro, pound, yen, and the wide yen.
	'\xe2\x82\xac': 'EUR',
	'\x80': 'EUR',
	'\xc2\xa3': 'GBP',
	'\xa3': 'GBP',
	'\xc2\xa5': '\\',
	'\xef\xbf\xa5': '\\',
	'\xa5': '\\',
};

const SIGN = new RegExp(
	Object.keys(signs)
		.sort((one, other) => other.length - one.length)
		.join('|'),
	'g',
);

/** A cell in ASCII, blanks around it removed; `\` stands for the sign of yen. `null` where it has other bytes. */
export function inAscii(cell: string): string | null {
	if (cell.includes('\\')) return null;
	const text = /[\x80-\xff]/.test(cell) ? cell.replace(SIGN, sign => signs[sign] ?? sign) : cell;
	return /[\x80-\xff]/.test(text) ? null : text.replace(/^[ \t]+|[ \t]+$/g, '');
}
