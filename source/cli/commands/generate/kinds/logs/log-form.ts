import type {Random} from '../../random.ts';
import type {RowBuffer} from '../../row-buffer.ts';

/**
A form of log files.

@param day - Which day the file is of, 0 for 2022-01-01.
@returns A function that writes the next line with its newline.
*/
export type LogForm = (random: Random, day: number, lineCount: number) => (buffer: RowBuffer) => void;
