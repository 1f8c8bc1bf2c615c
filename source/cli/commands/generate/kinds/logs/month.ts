import {formatDay} from '../../kind.ts';

const NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @returns The name of the month that the day is in: `Jan`. */
export const monthOf = (day: number): string => NAMES[Number(formatDay(day).slice(5, 7)) - 1] ?? '';
