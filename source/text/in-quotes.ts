/**
Puts a value in quotes of the kind that it does not contain, so that its end can be seen: `"food"`, `'"utilities"x'`. A
value with both kinds gets a backslash before each double quote.
*/
export function inQuotes(text: string): string {
	if (!text.includes('"')) return `"${text}"`;
	return text.includes("'") ? `"${text.replaceAll('"', '\\"')}"` : `'${text}'`;
}
