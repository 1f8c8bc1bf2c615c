// The encodings that text may be in, by the names of the WHATWG Encoding Standard; UTF-32, which it leaves out, is named alike.

const wide = ['utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'] as const;
export type WideEncoding = (typeof wide)[number];

/** One byte for each character, and ASCII as it is. */
const singleByte = [
	'windows-1250',
	'windows-1251',
	'windows-1252',
	'windows-1253',
	'windows-1254',
	'windows-1255',
	'windows-1256',
	'windows-1257',
	'windows-1258',
	'windows-874',
	'iso-8859-2',
	'iso-8859-3',
	'iso-8859-4',
	'iso-8859-5',
	'iso-8859-6',
	'iso-8859-7',
	'iso-8859-8',
	'iso-8859-10',
	'iso-8859-13',
	'iso-8859-14',
	'iso-8859-15',
	'iso-8859-16',
	'koi8-r',
	'koi8-u',
	'macintosh',
	'x-mac-cyrillic',
	'ibm866',
] as const;
export type SingleByteEncoding = (typeof singleByte)[number];

/** One byte for each ASCII character, more for others, which may have bytes of ASCII characters in them. */
const eastAsian = ['shift_jis', 'gb18030', 'gbk', 'big5', 'euc-jp', 'euc-kr'] as const;
export type EastAsianEncoding = (typeof eastAsian)[number];

export type EncodingLabel = 'utf-8' | WideEncoding | SingleByteEncoding | EastAsianEncoding;

export const encodingLabels: readonly EncodingLabel[] = ['utf-8', ...wide, ...singleByte, ...eastAsian];

const isOneOf =
	<Label extends string>(labels: readonly Label[]) =>
	(text: string): text is Label =>
		(labels as readonly string[]).includes(text);

export const isWide = isOneOf(wide);
export const isSingleByte = isOneOf(singleByte);
const isEncodingLabel = isOneOf(encodingLabels);

/** By their numbers in Windows, which the standard does not know. */
const codePages: Readonly<Record<string, EncodingLabel>> = {
	cp932: 'shift_jis',
	cp936: 'gbk',
	cp950: 'big5',
};

/** Reads the name of an encoding: `windows-1251`, and other names of it, as `cp1251`. `null` where there is none of that name. */
export function parseEncoding(text: string): EncodingLabel | null {
	const name = text.trim().toLowerCase();
	if (isEncodingLabel(name)) return name;
	const known = codePages[name];
	if (known !== undefined) return known;
	try {
		const {encoding} = new TextDecoder(name);
		return isEncodingLabel(encoding) ? encoding : null;
	} catch {
		return null;
	}
}

/** For messages: `UTF-16LE`, `windows-1252`. */
export const encodingName = (label: EncodingLabel): string => (label.startsWith('utf') ? label.toUpperCase() : label);
