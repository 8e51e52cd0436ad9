import type { contactsV1 } from '@rapport/contracts';
import type { RecordImport } from '@rapport/service-kit';

/**
 * What other systems call the columns of people, best first: Google (old and new), Outlook, Salesforce, HubSpot and Pipedrive,
 * and what German, French and Spanish exports say.
 */
export const contactHeaders: RecordImport<contactsV1.Contact>['synonyms'] = {
  shares: null,
  likelyDuplicates: null,
  mergedInto: null,
  mergedIds: null,
  salutation: [
    ...['prefix', 'name prefix', 'honorific', 'anrede', 'civilite', 'tratamiento', 'person salutation'],
    // Where another column is the job title.
    ...['title', 'titel', 'titre', 'titulo'],
  ],
  firstName: [
    ...['given name', 'forename', 'first', 'person first name'],
    ...['vorname', 'prenom', 'nombre', 'nombre de pila', 'primer nombre'],
  ],
  lastName: [
    ...['surname', 'family name', 'last', 'person last name'],
    ...['nachname', 'familienname', 'nom', 'nom de famille', 'apellidos', 'apellido', 'primer apellido'],
  ],
  title: [
    ...['title', 'position', 'role', 'organization title', 'organization 1 title', 'person job title'],
    ...[
      'berufsbezeichnung',
      'stellenbezeichnung',
      'funktion',
      'titre du poste',
      'intitule du poste',
      'fonction',
      'poste',
    ],
    ...['puesto', 'cargo', 'puesto de trabajo'],
  ],
  email: [
    ...['email', 'e mail', 'mail', 'email address', 'primary email', 'e mail 1 value', 'email work', 'person email'],
    ...['person email work', 'work email', 'email 1', 'e mail adresse', 'mail adresse', 'adresse e mail', 'courriel'],
    ...['adresse de messagerie', 'adresse electronique', 'correo electronico', 'correo', 'email home', 'email other'],
    ...['direccion de correo electronico', 'direccion de correo', 'person email home', 'person email other'],
  ],
  phone: [
    ...['telephone', 'phone number', 'primary phone', 'business phone', 'phone 1 value', 'phone work', 'work phone'],
    ...['person phone', 'person phone work', 'telefon', 'telefonnummer', 'telefon geschaftlich', 'rufnummer'],
    ...['telephone bureau', 'numero de telephone', 'telefono', 'telefono del trabajo', 'numero de telefono'],
    ...[
      'mobile',
      'mobile phone',
      'mobile phone number',
      'phone mobile',
      'person phone mobile',
      'mobiltelefon',
      'handy',
    ],
    ...['telephone mobile', 'portable', 'telefono movil', 'movil', 'home phone', 'phone home', 'telefon privat'],
  ],
  otherEmails: null,
  otherPhones: null,
  address: {
    street: [
      ...['address', 'address 1', 'street address', 'mailing street', 'business street', 'address 1 street'],
      ...['strasse', 'strasse geschaftlich', 'anschrift', 'rue', 'rue bureau', 'adresse', 'adresse postale'],
      ...['calle', 'calle del trabajo', 'direccion', 'home street', 'strasse privat'],
    ],
    city: [
      ...['town', 'suburb', 'mailing city', 'business city', 'address 1 city'],
      ...['ort', 'stadt', 'ort geschaftlich', 'ville', 'ville bureau', 'ciudad', 'ciudad de trabajo', 'poblacion'],
      ...['localidad', 'home city', 'ort privat'],
    ],
    region: [
      ...['state', 'province', 'county', 'mailing state', 'mailing state province', 'state region', 'business state'],
      ...['address 1 region', 'bundesland', 'region geschaftlich', 'dep region bureau', 'provincia', 'estado'],
      ...['provincia o estado de trabajo', 'departement', 'home state'],
    ],
    postalCode: [
      ...['zip', 'zip code', 'postcode', 'mailing postal code', 'mailing zip postal code', 'business postal code'],
      ...['address 1 postal code', 'plz', 'postleitzahl', 'postleitzahl geschaftlich', 'code postal'],
      ...['code postal bureau', 'codigo postal', 'codigo postal del trabajo', 'home postal code'],
    ],
    country: [
      ...['mailing country', 'country region', 'business country region', 'business country', 'address 1 country'],
      ...['land', 'land region', 'land region geschaftlich', 'pays', 'pays region', 'pays region bureau'],
      ...['pais', 'pais o region', 'pais o region del trabajo', 'home country region', 'home country'],
    ],
  },
  birthDate: [
    ...['birthday', 'date of birth', 'dob', 'birthdate', 'person birthday'],
    ...['geburtstag', 'geburtsdatum', 'date de naissance', 'anniversaire', 'fecha de nacimiento', 'cumpleanos'],
  ],
  description: [
    'notes',
    'comments',
    'note',
    'notizen',
    'bemerkungen',
    'beschreibung',
    'remarques',
    'notas',
    'descripcion',
  ],
  accountId: null,
  ownerId: null,
  teamId: null,
  hold: null,
  restriction: null,
  tags: [
    ...['labels', 'label', 'keywords', 'groups', 'group membership', 'categories', 'person label'],
    ...['kategorien', 'schlagworte', 'etiquettes', 'etiquetas', 'categorias'],
  ],
  externalId: [
    ...['contact id', 'id', 'record id', 'rec id', 'external id', 'person id', 'customer id', 'kontakt id'],
    ...['id du contact', 'id de contacto', 'id de contact'],
  ],
};

/** The company that somebody works for. */
export const contactAccountHeaders: readonly string[] = [
  ...['account name', 'company', 'company name', 'organization', 'organisation', 'organization name'],
  ...['organization 1 name', 'associated company', 'primary company', 'person organization', 'account id'],
  ...['associated company id', 'firma', 'firmenname', 'unternehmen', 'accountname'],
  ...['societe', 'entreprise', 'nom du compte', 'nom de l entreprise', 'empresa', 'compania', 'organizacion'],
  ...['nombre de la cuenta', 'cuenta', 'nombre de la empresa'],
];
