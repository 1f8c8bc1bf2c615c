import type {Kind} from '../kind.ts';
import {createWeightedTable, encodeField, writeRandomDate} from '../kind.ts';
import {createFieldBreaker} from '../malformed.ts';
import {skew} from '../random.ts';
import {COMMA, NEWLINE} from '../row-buffer.ts';

/** The products of each department with their usual price in cents. Their inches and commas need quotes. */
const DEPARTMENTS: readonly (readonly [
	name: string,
	weight: number,
	products: readonly (readonly [name: string, cents: number])[],
])[] = [
	[
		'Grocery',
		30,
		[
			['Coffee beans 1 kg', 1_699],
			['Olive oil', 1_149],
			['Basmati rice', 479],
			['Dark chocolate', 249],
		],
	],
	[
		'Clothing',
		18,
		[
			['T-shirt, white', 1_499],
			['Jeans', 5_995],
			['Rain jacket', 8_900],
			['Socks, 3 pairs', 999],
		],
	],
	[
		'Electronics',
		14,
		[
			['Monitor 27"', 22_900],
			['USB-C cable', 1_290],
			['Headphones', 7_999],
			['Keyboard', 6_450],
		],
	],
	[
		'Home, Garden',
		12,
		[
			['Watering can', 1_850],
			['Desk lamp', 3_999],
			['Flower pot 12"', 1_175],
			['Towel', 1_495],
		],
	],
	[
		'Books',
		10,
		[
			['Paperback', 1_200],
			['Atlas', 4_990],
			['Cookbook', 2_600],
			['Notebook, ruled', 690],
		],
	],
	[
		'Toys',
		8,
		[
			['Puzzle', 1_999],
			['Wooden train', 3_450],
			['Kite', 1_650],
			['Board game', 3_299],
		],
	],
	[
		'Sports',
		6,
		[
			['Football', 2_495],
			['Yoga mat', 2_999],
			['Dumbbell 5 kg', 1_950],
			['Bottle', 1_290],
		],
	],
	[
		'Beauty',
		5,
		[
			['Shampoo', 599],
			['Sunscreen', 1_349],
			['Hand cream', 429],
			['Perfume', 5_900],
		],
	],
	[
		'Automotive',
		3,
		[
			['Motor oil', 3_890],
			['Wiper blades 22"', 2_190],
			['Ice scraper', 399],
			['Tow rope', 1_590],
		],
	],
	[
		'Office',
		2,
		[
			['Paper, 500 sheets', 549],
			['Stapler', 1_290],
			['Ink cartridge', 2_790],
			['Folder', 199],
		],
	],
];

const SLOT_BITS = 10;
const slots = createWeightedTable(
	DEPARTMENTS.map(([, weight]) => weight),
	1 << SLOT_BITS,
);
const names = DEPARTMENTS.map(([name]) => encodeField(name));
const products = DEPARTMENTS.map(([, , items]) => items.map(([name, cents]) => ({name: encodeField(name), cents})));
const NO_PRODUCT = {name: new Uint8Array(), cents: 0};

/** Orders of a shop. */
export const sales: Kind = {
	extension: 'csv',
	columns: ['order_id', 'department', 'product', 'quantity', 'unit_price', 'date'],
	breakRecord: createFieldBreaker({numberColumn: 4, dateColumn: 5, textColumn: 1}),
	createRowWriter(random, fileIndex, rowCount) {
		let id = fileIndex * rowCount;
		return buffer => {
			id++;
			const choice = random.next();
			const department = slots[choice >>> (32 - SLOT_BITS)] ?? 0;
			const product = products[department]?.[choice & 3] ?? NO_PRODUCT;
			buffer.writeByte(0x4f);
			buffer.writeInteger(id, 9);
			buffer.writeByte(COMMA);
			buffer.writeBytes(names[department] ?? NO_PRODUCT.name);
			buffer.writeByte(COMMA);
			buffer.writeBytes(product.name);
			buffer.writeByte(COMMA);
			buffer.writeInteger(1 + (skew(random.next()) >>> 13));
			buffer.writeByte(COMMA);
			// Up to 15 % off, in whole percent of the price.
			const percent = 100 - random.below(16);
			buffer.writeCents(Math.floor((product.cents * percent) / 100));
			buffer.writeByte(COMMA);
			writeRandomDate(buffer, random);
			buffer.writeByte(NEWLINE);
		};
	},
};
