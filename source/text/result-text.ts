// Results that are text, for reports whose result is no object until somebody reads it.
import type {Utf8Page} from './utf8-page.ts';

export interface ResultText {
	/** Adds it as it stands in a report, with nothing in it that acts on a terminal. */
	readonly addLaidOut: (page: Utf8Page) => void;
	/** The same without white space between its tokens. */
	readonly onOneLine: () => string;
}

/** No copy of a report has it. */
const resultText = Symbol('text of the result');

/** At most once for each report. */
export function rememberResultText(report: object, text: ResultText): void {
	Object.defineProperty(report, resultText, {value: text});
}

export const resultTextOf = (report: object): ResultText | undefined =>
	(report as {readonly [resultText]?: ResultText})[resultText];
