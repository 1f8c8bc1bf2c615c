// The names of operating system errors. Node names those that its own library uses; for others, which network drives
// and file systems return, it has only the number and says "Unknown system error -116".

/** Numbers that Node has no name for. */
const furtherNames: Readonly<Partial<Record<NodeJS.Platform, Readonly<Record<number, string>>>>> = {
	// include/uapi/asm-generic/errno.h
	linux: {
		52: 'EBADE',
		66: 'EREMOTE',
		70: 'ECOMM',
		78: 'EREMCHG',
		117: 'EUCLEAN',
		119: 'ENAVAIL',
		120: 'EISNAM',
		123: 'ENOMEDIUM',
		124: 'EMEDIUMTYPE',
		126: 'ENOKEY',
		127: 'EKEYEXPIRED',
		128: 'EKEYREVOKED',
		129: 'EKEYREJECTED',
		133: 'EHWPOISON',
	},
	// sys/errno.h
	darwin: {
		71: 'EREMOTE',
		72: 'EBADRPC',
		80: 'EAUTH',
		81: 'ENEEDAUTH',
		82: 'EPWROFF',
		83: 'EDEVERR',
		93: 'ENOATTR',
	},
};

/** The code of an error (`EIO`); `undefined` where it has none. */
export function codeOf(error: unknown): string | undefined {
	if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
	const number = numberOf(error);
	return isUnnamed(error.code) && number !== null ? nameOf(number) : error.code;
}

/** The message of a thrown value, with the name added where Node has only the number. */
export function messageOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const number = numberOf(error);
	if (number === null || !isUnnamed(error.message)) return error.message;
	return error.message.replace(UNNAMED, `${nameOf(number)}: error ${number} of the operating system`);
}

/** The number of an operating system error; `null` for any other error. */
export const numberOf = (error: Error): number | null =>
	'errno' in error && typeof error.errno === 'number' ? Math.abs(error.errno) : null;

/** Node's messages contain it twice. */
const UNNAMED = /^Unknown system error -?\d+(?:: Unknown system error -?\d+)?/;
const isUnnamed = (text: string): boolean => UNNAMED.test(text);

function nameOf(number: number): string {
	// Loaded here and not imported above, because every thread would load it at its start, and few files fail.
	const {constants} = process.getBuiltinModule('node:os');
	const [name = furtherNames[process.platform]?.[number] ?? `ERRNO_${number}`] =
		Object.entries(constants.errno).find(([, value]) => value === number) ?? [];
	return name;
}
