// What columns of the same meaning are called in exports: in English, German, French, Dutch and Spanish, the best names first. Names in a
// list of their own are equally good: with two of them, it cannot be known which one is meant.
import type {ColumnAliases, ColumnPair} from './declaration.ts';

/** These mean many things, in any language: they count where no other name does. */
export const weakNames: readonly string[] = [
	...['total', 'type', 'value', 'id', 'account', 'count'],
	...['typ', 'art', 'wert', 'konto', 'nombre', 'valeur', 'compte'],
	...['soort', 'totaal', 'waarde', 'rekening', 'tipo', 'valor', 'cuenta', 'cantidad'],
];

/** In front of the name of an amount they say that it is only a part of it, or another one: `tax amount`. */
export const partsOfAmounts: readonly string[] = [
	...['tax', 'vat', 'gst', 'discount', 'fee', 'shipping', 'refund', 'tip', 'commission', 'balance', 'original'],
	...['mwst', 'ust', 'steuer', 'rabatt', 'tva', 'remise', 'btw', 'korting', 'iva', 'descuento'],
];

export const amountNames: ColumnAliases = [
	[
		...['amt', 'transaction amount', 'betrag', 'montant', 'montant opération', 'bedrag'],
		...['importe', 'importe operación', 'monto'],
	],
	['gross', 'net', 'sum', 'payment', 'price paid', 'paid', 'charge', 'umsatz', 'summe', 'brutto', 'netto', 'somme'],
	['total', 'value', 'wert', 'valeur', 'totaal', 'waarde', 'valor'],
];

/** What comes in, and what goes out. */
export const amountPairs: readonly ColumnPair[] = [
	[
		['credit', 'credit amount', 'haben', 'crédit', 'montant crédit', 'abono', 'haber'],
		['debit', 'debit amount', 'soll', 'débit', 'montant débit', 'debet', 'cargo', 'debe'],
	],
	[
		['inflow', 'money in', 'paid in', 'deposit', 'bij', 'einnahmen'],
		['outflow', 'money out', 'paid out', 'withdrawal', 'withdrawn', 'af', 'ausgaben'],
	],
];

export const dateNames: ColumnAliases = [
	...['transaction date', 'posting date', 'booking date', 'value date', 'date processed', 'payment date', 'order date'],
	...['datum', 'buchungstag', 'buchungsdatum', 'wertstellung', 'valuta', 'belegdatum'],
	...['date opération', 'date comptable', 'date de valeur'],
	...['boekdatum', 'valutadatum', 'transactiedatum'],
	...['fecha', 'fecha operación', 'fecha valor'],
	'day',
];

export const categoryNames: ColumnAliases = [
	...['cat', 'expense type', 'merchant category', 'mcc'],
	...['kategorie', 'warengruppe', 'catégorie', 'rubrique', 'categorie', 'categoría', 'rubro', 'mutatiesoort'],
	...['type', 'group', 'class', 'tag', 'typ', 'art', 'gruppe', 'groupe', 'soort', 'groep', 'tipo', 'grupo'],
];

export const customerNames: ColumnAliases = [
	...['customer', 'customer no', 'customer number', 'client', 'client id', 'payer', 'buyer'],
	...['kunde', 'kundennummer', 'kundennr'],
	...['n° client', 'acheteur', 'klant', 'klantnummer', 'cliente', 'id cliente', 'comprador'],
	...['member', 'contact', 'account', 'konto', 'compte', 'rekening', 'cuenta'],
];

export const departmentNames: ColumnAliases = [
	...['dept', 'division', 'team', 'cost center', 'business unit', 'store', 'branch', 'region', 'section'],
	...['abteilung', 'bereich', 'kostenstelle', 'filiale', 'sparte'],
	...['département', 'service', 'rayon', 'magasin', 'centre de coût'],
	...['afdeling', 'kostenplaats', 'filiaal', 'vestiging'],
	...['departamento', 'sección', 'sucursal', 'tienda'],
];

export const salesNames: ColumnAliases = [
	['revenue', 'turnover', 'umsatz', 'erlös', 'omzet', 'opbrengst', "chiffre d'affaires", 'ca', 'ventes', 'ventas'],
	['sales amount', 'verkäufe', 'verkoop', 'ingresos', 'facturación', 'income'],
	['net sales', 'gross sales'],
	['total price', 'line total', 'gesamtpreis', 'prix total', 'totaalprijs'],
	'subtotal',
	'amount',
];

export const quantityNames: ColumnAliases = [
	['qty', 'menge', 'anzahl', 'quantité', 'qté', 'aantal', 'hoeveelheid'],
	['units', 'units sold', 'pieces', 'pcs', 'items', 'stück', 'unités', 'stuks', 'unidades', 'piezas'],
	['cantidad', 'nombre'],
];

export const unitPriceNames: ColumnAliases = [
	['einzelpreis', 'stückpreis', 'prix unitaire', 'stukprijs', 'precio unitario'],
	['price', 'preis', 'prix', 'prijs', 'precio'],
	['list price', 'rate', 'unit cost', 'tarif', 'tarief', 'tarifa'],
];

export const userNames: ColumnAliases = [
	...['user id', 'uid', 'username', 'user name', 'login', 'account id', 'actor', 'session user', 'visitor id', 'email'],
	...['benutzer', 'nutzer', 'anwender', 'kennung'],
	...['utilisateur', 'identifiant'],
	...['gebruiker', 'gebruikersnaam'],
	...['usuario', 'nombre de usuario'],
];

export const timestampNames: ColumnAliases = [
	...['time', 'ts', 'datetime', 'created at', 'updated at', 'event time', 'logged at', 'occurred at'],
	...['zeitstempel', 'zeitpunkt', 'uhrzeit', 'erstellt am'],
	...['horodatage', 'heure', 'créé le'],
	...['tijdstip', 'tijd', 'aangemaakt op'],
	...['marca de tiempo', 'hora', 'creado el'],
];

export const transactionIdNames: readonly string[] = [
	...['transaction id', 'transaction no', 'transaction number', 'txn id', 'order id', 'order no', 'order number'],
	...['invoice no', 'invoice number', 'reference', 'ref', 'receipt', 'uuid'],
	...['transaktionsnummer', 'auftragsnummer', 'belegnummer', 'rechnungsnummer', 'referenz'],
	...['n° transaction', 'n° commande', 'n° facture', 'référence'],
	...['transactienummer', 'ordernummer', 'factuurnummer', 'kenmerk'],
	...['n.º transacción', 'n.º pedido', 'n.º factura', 'referencia'],
	'id',
];
