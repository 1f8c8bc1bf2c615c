// How the words begin that may stand in numbers and dates, as the kernel knows them: by the lower five bits of three bytes.
import {weekdayNames} from './date-form.ts';
import {monthBeginnings} from './month-names.ts';
import {currencyCodes} from './number-form.ts';

const ZONES = ['utc', 'gmt'];
/** Anything may stand behind these: `kr 5`, `R$5`. */
const SHORT = ['kr', 'fr', 'r$', 's$', 'c$', 'a$'];

const ANY = Array.from({length: 32}, (_, bits) => String.fromCharCode(bits));

/** Three bytes of each, in both encodings; one character per byte. */
export function writtenWords(): string {
	const words = [...currencyCodes, ...monthBeginnings, ...weekdayNames, ...ZONES];
	const inUtf8 = words.map(word => Buffer.from(word).toString('latin1'));
	return [...words, ...inUtf8, ...SHORT.flatMap(short => ANY.map(third => short + third))]
		.map(word => word.slice(0, 3))
		.join('');
}
