// Files that a walk has left out because their names are not those of data: reported once, so that nobody takes a folder for done that
// holds its data as `.xlsx`.
import type {OtherFiles} from '../../model/events.ts';

/** More would not be read. */
const MAX_EXTENSIONS = 20;

/** What is longer, or has spaces, is a part of a sentence and no extension. */
const extension = /\.[\w-]{1,12}(?:\.(?:gz|zst|br))?$/;

export class OtherFileCount {
	readonly #counts = new Map<string, number>();
	#total = 0;

	add(name: string): void {
		const [found = ''] = extension.exec(name) ?? [];
		this.#counts.set(found.toLowerCase(), (this.#counts.get(found.toLowerCase()) ?? 0) + 1);
		this.#total++;
	}

	/** `null` where there are none. */
	total(): OtherFiles | null {
		if (this.#total === 0) return null;
		const sorted = Array.from(this.#counts).sort(
			([left, leftCount], [right, rightCount]) => rightCount - leftCount || (left < right ? -1 : 1),
		);
		return {count: this.#total, extensions: sorted.slice(0, MAX_EXTENSIONS).map(([name]) => name)};
	}
}
