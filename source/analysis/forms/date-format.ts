// The names of date forms, in flags and in messages.
import type {DateForm} from './date-form.ts';

/** Messages use the first name of each form. */
const formats = {
	'year-first': ['y-m-d', 'y/m/d', 'y.m.d', 'iso'],
	'day-first': ['d/m/y', 'd.m.y', 'd-m-y'],
	'month-first': ['m/d/y', 'm-d-y', 'm.d.y'],
	named: ['d-mon-y', 'mon-d-y'],
	serial: ['excel'],
	seconds: ['epoch-seconds'],
	milliseconds: ['epoch-milliseconds'],
} as const satisfies Readonly<Record<DateForm, readonly string[]>>;

/** One for each form. */
export const dateFormats: readonly string[] = Object.values(formats).map(([first]) => first);

/** @returns `null` where no form is called so. */
export const parseDateFormat = (name: string): DateForm | null => {
	const found = Object.entries(formats).find(([, names]) => names.some(known => known === name.toLowerCase()));
	return found === undefined ? null : (found[0] as DateForm);
};

export const nameOfDateForm = (form: DateForm): string => formats[form][0];
