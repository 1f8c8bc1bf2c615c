// How reports name what a file has as text.
import {decodeBytes} from './text-encoding.ts';

/** A longer name is cut in the report, and ends with an ellipsis there: 100 of them would fill more than a string can. */
export const LISTED_NAME_LENGTH = 65_536;

/** A character has at most 4 bytes: what is behind these is cut anyway, and need not be decoded. */
export const LISTED_NAME_BYTES = 4 * LISTED_NAME_LENGTH + 4;

/** @param bytes - In UTF-8, one character per byte. */
export function listedName(bytes: string): string {
	const name = decodeBytes(bytes.slice(0, LISTED_NAME_BYTES), 'utf-8');
	const characters = name.length > LISTED_NAME_LENGTH ? Array.from(name) : [];
	return characters.length > LISTED_NAME_LENGTH ? `${characters.slice(0, LISTED_NAME_LENGTH).join('')}…` : name;
}
