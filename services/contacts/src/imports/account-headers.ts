import type { contactsV1 } from '@rapport/contracts';
import type { RecordImport } from '@rapport/service-kit';

/** What other systems call the columns of companies, best first: Salesforce, HubSpot, Pipedrive, and in three more languages. */
export const accountHeaders: RecordImport<contactsV1.Account>['synonyms'] = {
  shares: null,
  likelyDuplicates: null,
  mergedInto: null,
  mergedIds: null,
  name: [
    ...['account', 'account name', 'company', 'company name', 'organization', 'organisation', 'organization name'],
    ...['accountname', 'firma', 'firmenname', 'unternehmen', 'unternehmensname', 'nom du compte', 'societe'],
    ...['entreprise', 'nom de l entreprise', 'raison sociale', 'nom', 'nombre de la cuenta', 'empresa', 'compania'],
    ...['organizacion', 'nombre de la empresa', 'razon social', 'nombre'],
  ],
  sector: [
    ...['industry', 'branch', 'organization industry', 'branche', 'secteur', 'secteur d activite', 'sector'],
    ...['industria', 'sector de actividad'],
  ],
  yearEstablished: [
    ...['founded', 'year founded', 'year started', 'grundungsjahr', 'gegrundet', 'annee de creation'],
    ...['annee de fondation', 'ano de fundacion', 'fundada'],
  ],
  revenue: [
    ...['annual revenue', 'turnover', 'organization annual revenue', 'jahresumsatz', 'umsatz', 'chiffre d affaires'],
    ...['chiffre d affaires annuel', 'revenu annuel', 'ingresos anuales', 'facturacion', 'volumen de negocio'],
  ],
  employees: [
    ...['number of employees', 'headcount', 'no of employees', 'organization number of employees', 'employee count'],
    ...['mitarbeiter', 'anzahl mitarbeiter', 'anzahl der mitarbeiter', 'mitarbeiterzahl', 'employes'],
    ...['nombre d employes', 'effectif', 'empleados', 'numero de empleados'],
  ],
  location: [
    ...['office location', 'headquarters', 'billing country', 'billing country region', 'country', 'country region'],
    ...['organization address', 'standort', 'sitz', 'land', 'siege', 'pays', 'pays de facturation'],
    ...['sede', 'pais', 'pais de facturacion', 'rechnungsland'],
  ],
  parentId: null,
  website: [
    ...['website url', 'web', 'url', 'homepage', 'web page', 'company domain name', 'organization website'],
    ...['webseite', 'internetseite', 'site web', 'site internet', 'sitio web', 'pagina web', 'web site'],
  ],
  phone: [
    ...['telephone', 'phone number', 'main phone', 'organization phone', 'telefon', 'telefonnummer'],
    ...['numero de telephone', 'telefono', 'numero de telefono'],
  ],
  ownerId: null,
  teamId: null,
  tags: ['labels', 'label', 'keywords', 'organization label', 'schlagworte', 'kategorien', 'etiquettes', 'etiquetas'],
  description: [
    ...['notes', 'details', 'comments', 'about us', 'account description', 'beschreibung', 'notizen'],
    ...['remarques', 'descripcion', 'notas'],
  ],
  externalId: [
    ...['account id', 'id', 'record id', 'external id', 'company id', 'organization id', 'kundennummer'],
    ...['id du compte', 'numero de client', 'id de la cuenta', 'numero de cliente'],
  ],
};

/** The company that owns another. */
export const parentHeaders: readonly string[] = [
  ...['subsidiary of', 'parent account', 'parent', 'parent company', 'parent id', 'parent account name'],
  ...['ubergeordneter account', 'muttergesellschaft', 'ubergeordnete firma', 'compte principal', 'compte parent'],
  ...['societe mere', 'cuenta principal', 'empresa matriz', 'parent account id'],
];
