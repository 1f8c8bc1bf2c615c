/**
Puts a value in quotes that it does not have itself, so that it can be seen where it ends: `"food"`, `'"utilities"x'`. A value with
both kinds of quotes has a backslash before the double ones.
*/
export function inQuotes(text: string): string {
	if (!text.includes('"')) return `"${text}"`;
	return text.includes("'") ? `"${text.replaceAll('"', '\\"')}"` : `'${text}'`;
}
