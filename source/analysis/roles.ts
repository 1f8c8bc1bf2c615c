// What columns of the same meaning are called in exports: in English, German, French, Dutch and Spanish, the best names first. Names that
// often mean something else come last.

export const departmentNames: readonly string[] = [
	...['dept', 'division', 'team', 'cost center', 'business unit', 'store', 'branch', 'region', 'section'],
	...['abteilung', 'bereich', 'kostenstelle', 'filiale', 'sparte'],
	...['département', 'service', 'rayon', 'magasin', 'centre de coût'],
	...['afdeling', 'kostenplaats', 'filiaal', 'vestiging'],
	...['departamento', 'sección', 'sucursal', 'tienda'],
];

export const salesNames: readonly string[] = [
	...['revenue', 'turnover', 'net sales', 'gross sales', 'sales amount', 'total price', 'line total', 'subtotal'],
	'income',
	...['umsatz', 'erlös', 'verkäufe', 'gesamtpreis'],
	...['ventes', "chiffre d'affaires", 'ca', 'prix total'],
	...['omzet', 'verkoop', 'opbrengst', 'totaalprijs'],
	...['ventas', 'ingresos', 'facturación'],
	'amount',
];

export const quantityNames: readonly string[] = [
	...['qty', 'units', 'pieces', 'pcs', 'units sold', 'items'],
	...['menge', 'anzahl', 'stück'],
	...['quantité', 'qté', 'nombre', 'unités'],
	...['aantal', 'hoeveelheid', 'stuks'],
	...['unidades', 'piezas', 'cantidad'],
];

export const unitPriceNames: readonly string[] = [
	...['price', 'list price', 'rate', 'unit cost'],
	...['preis', 'einzelpreis', 'stückpreis'],
	...['prix', 'prix unitaire', 'tarif'],
	...['prijs', 'stukprijs', 'tarief'],
	...['precio', 'precio unitario', 'tarifa'],
];

export const userNames: readonly string[] = [
	...['user id', 'uid', 'username', 'user name', 'login', 'account id', 'actor', 'session user', 'visitor id', 'email'],
	...['benutzer', 'nutzer', 'anwender', 'kennung'],
	...['utilisateur', 'identifiant'],
	...['gebruiker', 'gebruikersnaam'],
	...['usuario', 'nombre de usuario'],
];

export const timestampNames: readonly string[] = [
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
