// Advice for texts that are not UTF-8: the encoding in which they make words is among those that are named, and Western texts are left alone.
import {expect, test} from 'vitest';
import type {EncodingLabel} from '../../source/input/encodings/encoding-labels.ts';
import {likelyEncodings} from '../../source/input/encodings/likely-encodings.ts';
import {encodeText} from '../helpers/encode-text.ts';

const texts: readonly (readonly [EncodingLabel, string])[] = [
	['windows-1251', 'Клиент\nСумма\nМария Иванова\nпродукты'],
	['koi8-r', 'Клиент\nСумма\nМария Иванова\nпродукты'],
	['ibm866', 'Клиент\nСумма\nМария Иванова\nпродукты'],
	['windows-1250', 'Łukasz\nżywność\nJąkub\nźródło'],
	['windows-1253', 'Πελάτης\nΠοσό\nΓιώργος'],
	['windows-1255', 'שם\nסכום\nדוד'],
	['windows-1256', 'الاسم\nالمبلغ\nمحمد'],
	['windows-874', 'ชื่อ\nจำนวน\nสมชาย'],
	['shift_jis', '顧客\n金額\n山田太郎\nソフトウェア'],
	['euc-jp', '顧客\n金額\n山田さん\nソフトウェア'],
	['gb18030', '客户\n金额\n北京科技有限公司'],
	['big5', '客戶\n金額\n台北科技公司'],
	['euc-kr', '고객\n금액\n홍길동\n서울시 교통'],
];

test.each(texts)('%s', (label, text) => {
	expect(likelyEncodings(encodeText(text, label))[0]).toBe(label);
});

test.each([
	'Straße\nGröße\nMüller\nÄRGER\nÖl',
	'Client\nCatégorie\nAndré Lefèvre\nŒuvre\nà côté “so” – 5 €',
	'Año\n¿Qué?\n¡Hola!\ncorazón',
	'Descrição\nSão Paulo\n1º\n20 °C\n5 m²',
	'plain',
	'',
])('%j may be Windows-1252', text => {
	expect(likelyEncodings(encodeText(text, 'windows-1252'))).toEqual([]);
});
