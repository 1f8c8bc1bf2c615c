// Passwords that others have used and lost: they are tried first. The list is that of zxcvbn-ts, some 49,000 from breaches, in small letters. It takes a tenth of a
// second to load, and is loaded when somebody chooses a password, in the thread that hashes them.

let common: Promise<ReadonlySet<string>> | null = null;

export async function isCommonPassword(password: string): Promise<boolean> {
	common ??= load();
	return (await common).has(password.normalize('NFKC').toLowerCase());
}

async function load(): Promise<ReadonlySet<string>> {
	const {dictionary} = await import('@zxcvbn-ts/language-common');
	return new Set(dictionary['passwords-common']);
}
