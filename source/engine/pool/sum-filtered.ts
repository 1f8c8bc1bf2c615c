import type {FilePart} from '../shared/protocol.ts';

/** Records of all parts that a condition leaves out; nothing where there is none. */
export function sumFiltered(parts: readonly Pick<FilePart, 'filteredRows'>[]): Pick<FilePart, 'filteredRows'> {
	if (parts.every(({filteredRows}) => filteredRows === undefined)) return {};
	return {filteredRows: parts.reduce((sum, {filteredRows = 0}) => sum + filteredRows, 0)};
}
