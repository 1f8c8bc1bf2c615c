// Which analyses are made of a file, and which of its columns they mean, as somebody has chosen, for the next file with the same header. What is kept
// has no names of columns but those that were chosen, in this browser alone.

/** The name of the analysis's column -> the heading in the file. */
export type Mapping = Readonly<Record<string, string>>;

export interface KeptChoice {
	readonly analyses: readonly string[];
	readonly columns: Mapping;
}

const PREFIX = 'fileproc-mapping:';

async function keyOf(header: readonly string[]): Promise<string> {
	const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(header)));
	return PREFIX + Array.from(new Uint8Array(hash, 0, 16), byte => byte.toString(16).padStart(2, '0')).join('');
}

export async function recall(header: readonly string[]): Promise<KeptChoice | null> {
	try {
		const kept = JSON.parse(localStorage.getItem(await keyOf(header)) ?? 'null') as Partial<KeptChoice> | null;
		const analyses = (kept?.analyses ?? []).filter(name => typeof name === 'string');
		const entries = Object.entries(kept?.columns ?? {}).filter(
			(entry): entry is [string, string] => typeof entry[1] === 'string' && header.includes(entry[1]),
		);
		return entries.length === 0 ? null : {analyses, columns: Object.fromEntries(entries)};
	} catch {
		return null;
	}
}

export async function keep(header: readonly string[], choice: KeptChoice | null): Promise<void> {
	const key = await keyOf(header);
	if (choice === null || Object.keys(choice.columns).length === 0) localStorage.removeItem(key);
	else localStorage.setItem(key, JSON.stringify(choice));
}
