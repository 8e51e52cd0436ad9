/** What other systems call the columns of deals, best first: Salesforce, HubSpot, Pipedrive, Zoho, and in three more languages. */
export const opportunityHeaders = {
  externalId: [
    'opportunity id',
    'deal id',
    'record id',
    'id',
    'external id',
    'id de l opportunite',
    'id de la oportunidad',
  ],
  name: [
    ...['opportunity name', 'opportunity', 'deal name', 'deal title', 'deal', 'title', 'subject', 'potential name'],
    ...['opportunity name', 'verkaufschance', 'bezeichnung', 'nom de l opportunite', 'opportunite', 'affaire', 'nom'],
    ...['nombre de la oportunidad', 'oportunidad', 'nombre del negocio', 'nombre'],
  ],
  stage: [
    ...['deal stage', 'stage name', 'sales stage', 'pipeline stage', 'phase', 'verkaufsphase', 'vertriebsphase'],
    ...['etape', 'phase de vente', 'etapa', 'fase', 'status', 'deal status'],
  ],
  openedOn: [
    ...['engage date', 'open date', 'opened', 'start date', 'date opened', 'eroffnet am', 'date d ouverture'],
    ...['fecha de apertura'],
  ],
  closedOn: [
    ...['close date', 'closed date', 'closed', 'date closed', 'actual close date', 'won time', 'deal won time'],
    ...['closing date', 'abschlussdatum', 'schlusstermin', 'date de cloture', 'date de fermeture', 'fecha de cierre'],
  ],
  expectedCloseOn: [
    ...[
      'expected close date',
      'expected close',
      'estimated close date',
      'expected closing',
      'deal expected close date',
    ],
    ...[
      'voraussichtliches abschlussdatum',
      'erwartetes abschlussdatum',
      'date de cloture prevue',
      'fecha prevista de cierre',
    ],
    ...['fecha de cierre prevista', 'fecha de cierre estimada'],
  ],
  amount: [
    ...['close value', 'value', 'deal value', 'deal amount', 'betrag', 'wert', 'summe', 'montant', 'valeur', 'importe'],
    ...['monto', 'valor'],
  ],
  currency: [
    ...['currency code', 'currency iso code', 'amount currency', 'deal currency', 'deal currency of value'],
    ...['currency of value', 'opportunity currency', 'deal value currency', 'wahrung', 'devise', 'moneda', 'divisa'],
  ],
  probability: [
    ...['probability (%)', 'win probability', 'deal probability', 'wahrscheinlichkeit', 'probabilite', 'probabilidad'],
  ],
  lostReason: [
    ...['loss reason', 'reason lost', 'closed lost reason', 'reason for loss', 'deal lost reason', 'verlustgrund'],
    ...['grund fur verlust', 'motif de perte', 'raison de la perte', 'motivo de perdida', 'razon de perdida'],
  ],
  lostNotes: ['loss notes'],
  nextStep: [
    ...['next steps', 'next activity', 'nachster schritt', 'nachste schritte', 'etape suivante', 'prochaine etape'],
    ...['siguiente paso', 'paso siguiente', 'proximo paso'],
  ],
  type: ['opportunity type', 'deal type', 'business type', 'typ', 'art', 'type d affaire', 'tipo'],
  forecastCategory: [
    ...['forecast category', 'forecast category name', 'deal forecast category', 'forecast', 'prognosekategorie'],
    ...['categorie de prevision', 'categoria de pronostico', 'categoria de prevision'],
  ],
  competitors: [
    'competitor',
    'main competitors',
    'main competitor',
    'wettbewerber',
    'mitbewerber',
    'concurrents',
    'competidores',
  ],
  tags: ['labels', 'tag', 'label', 'deal label', 'schlagworte', 'etiquettes', 'etiquetas'],
  description: [
    ...['notes', 'details', 'comments', 'deal description', 'beschreibung', 'notizen', 'remarques', 'descripcion'],
    ...['notas'],
  ],
  owner: [
    ...['owner id', 'owner name', 'sales agent', 'agent', 'sales rep', 'representative', 'assigned to', 'deal owner'],
    ...['opportunity owner', 'potential owner', 'inhaber', 'besitzer', 'verantwortlich', 'zustandig'],
    ...['opportunity inhaber', 'proprietaire', 'proprietaire de l opportunite', 'responsable', 'commercial'],
    ...['propietario', 'propietario de la oportunidad', 'propietario del negocio'],
  ],
  product: ['product id', 'product name', 'item', 'produkt', 'produktname', 'produit', 'nom du produit', 'producto'],
  account: [
    ...['account id', 'account name', 'company', 'company name', 'organization', 'organisation', 'customer'],
    ...['organization name', 'associated company', 'deal organization', 'primary company', 'associated company names'],
    ...['accountname', 'firma', 'firmenname', 'unternehmen', 'kunde', 'nom du compte', 'compte', 'societe', 'client'],
    ...['entreprise', 'nombre de la cuenta', 'cuenta', 'empresa', 'cliente', 'compania'],
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;
