// Results that are text, for reports whose result is no object until somebody reads it.

export interface ResultText {
	/** As it stands in a report, with nothing in it that acts on a terminal. */
	readonly laidOut: () => string;
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
