// uDSV, chunk by chunk to arrays of text. The columns' types are not inferred: we make what we need of the text.
import {createReadStream} from 'node:fs';
import {inferSchema, initParser} from 'udsv';
import {createFigures, filesIn, readTask} from './figures.mjs';

const figures = createFigures();
/** @param {readonly string[]} record */
const add = record => figures.add(record);
for (const file of filesIn(readTask().folder)) {
	let parser = null;
	for await (const text of createReadStream(file, {encoding: 'utf8', highWaterMark: 256 * 1024})) {
		parser ??= initParser(inferSchema(text, {}, 1));
		parser.chunk(text, parser.stringArrs, add);
	}
	parser?.end();
}
figures.print();
