// Lists of addresses.

/** The item of a list at a place. */
export function itemOf(list: usize, index: i32): usize {
	return load<u32>(list + 4 * (index as usize)) as usize;
}
