// What lists say of an error.
import type {ErrorReport} from '../model/report.ts';

/** Of an error in our own code the first line: its stack is in the log, in reports and in the details of a file. */
export const listMessage = ({code, message}: Pick<ErrorReport, 'code' | 'message'>): string =>
	code === 'INTERNAL_ERROR' ? (message.split('\n', 1)[0] ?? '') : message;
