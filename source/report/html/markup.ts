// The only place where text becomes HTML. A page is made of templates of this program, and every value in a template is escaped, also
// where it does not come from a file.
import {safeInDocument} from '../../text/safe-in-document.ts';

class SafeHtml {
	readonly #text: string;

	constructor(text: string) {
		this.#text = text;
	}

	toString(): string {
		return this.#text;
	}
}

/** Only `html` makes one. */
export type Html = SafeHtml;

type Value = string | number | Html | readonly Html[];

/**
Makes HTML of a template. Values may stand between tags and in attributes with double quotes; `Html` stays as it is, any other value
is escaped.
*/
export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Html =>
	new SafeHtml(strings.reduce((text, string, index) => text + toHtml(values[index - 1] ?? '') + string));

const toHtml = (value: Value): string => {
	if (value instanceof SafeHtml) return value.toString();
	return typeof value === 'object' ? value.join('') : escapeHtml(String(value));
};

const escapeHtml = (text: string): string =>
	safeInDocument(text).replace(/[&<>"']/g, character => ENTITIES[character] ?? '');

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};
