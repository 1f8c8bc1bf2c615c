// Records that have fewer fields than the header, where they count as if the last ones stood there and were empty.
import {allocate} from './memory';

/** Fields of a record at most, see memory.ts, and one entry in front of them. */
const ROOM_BYTES: usize = 4 * (65_536 + 1);
/** Keys are read so far beyond a field. */
const PADDING_BYTES: usize = 64;

let isOn: bool = false;
let room: usize = 0;

export function fillMissing(fills: bool): void {
	isOn = fills;
	if (fills && room === 0) room = allocate(ROOM_BYTES);
}
export function fillsMissing(): bool {
	return isOn;
}

/**
Gives a record the fields that it lacks.

@param entries - The entry in front of its first field.
@param lineEnd - The address of its line end, which is its last entry.
@returns Where the entries of all fields are now.
*/
export function addMissing(entries: usize, fieldCount: i32, columnCount: i32, lineEnd: usize): usize {
	const known = ((fieldCount + 1) as usize) << 2;
	memory.copy(room, entries, known);
	const missing = (columnCount - fieldCount) as usize;
	// Each is empty behind the one in front, so they lie behind the record, and nothing of what is there is looked at.
	for (let field: usize = 0; field < missing; field++)
		store<u32>(room + known + 4 * field, (lineEnd + field + 1) as u32);
	const lacking: isize = ((lineEnd + missing + PADDING_BYTES) as isize) - ((memory.size() as isize) << 16);
	if (lacking > 0 && memory.grow(((lacking as i32) >> 16) + 1) < 0) unreachable();
	return room;
}
