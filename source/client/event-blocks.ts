// The text of a stream of server-sent events -> its events, however the network has cut it.

export interface EventBlock {
	/** `null`: it says none. */
	readonly name: string | null;
	/** Where one may go on behind it; `null`: it has no place. */
	readonly id: string | null;
	readonly data: string;
}

/** Far above what the server sends at once: more than this is no stream of ours. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

export class EventBlocks {
	/** A line that is not complete. */
	#rest = '';
	#name: string | null = null;
	#id: string | null = null;
	#data: string[] = [];
	#characters = 0;
	/** How long to wait before coming back, as the stream says; `null`: it does not say. */
	retryMs: number | null = null;

	/**
	@returns The events that are complete now.
	@throws {RangeError} Where there is no end of one.
	*/
	push(text: string): EventBlock[] {
		const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
		this.#rest = lines.pop() ?? '';
		const blocks: EventBlock[] = [];
		for (const line of lines) {
			if (line === '') {
				if (this.#data.length > 0) blocks.push({name: this.#name, id: this.#id, data: this.#data.join('\n')});
				this.#begin();
			} else this.#read(line);
		}
		if (this.#characters + this.#rest.length > MAX_CHARACTERS)
			throw new RangeError(`Expected events of at most ${MAX_CHARACTERS} characters`);
		return blocks;
	}

	#begin(): void {
		this.#name = null;
		this.#id = null;
		this.#data = [];
		this.#characters = 0;
	}

	/** A line that begins with a colon says nothing: it shows that the stream lives. */
	#read(line: string): void {
		const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
		this.#characters += line.length;
		if (field === 'data') this.#data.push(value);
		else if (field === 'event') this.#name = value;
		else if (field === 'id' && !value.includes('\0')) this.#id = value;
		else if (field === 'retry' && /^\d{1,7}$/.test(value)) this.retryMs = Number(value);
	}
}
