export const HELP = `rapport: Rapport from the command line

  rapport import <kind> <file>            upload a CSV file, show how it is understood, try it, bring it in
  rapport import revert <kind> <id>       restore everything that an import created or updated
  rapport import status <kind> [<id>]     one import, or the last ones
  rapport whoami                          who the token stands for
  rapport sign-in                         on the server's machine, while it is stopped: a new administrator's token
  rapport help

Kinds: accounts, contacts, products, representatives, opportunities

Everywhere:
  --url <address>            default: RAPPORT_URL or http://127.0.0.1:3000
  --token <token>            default: RAPPORT_TOKEN

Import:
  --map "Column=field"       map a column by its name; "Column=" leaves it out (repeatable)
  --value "field:From=To"    a value that means something else (repeatable)
  --match-by <field>         the field that recognises an existing record
  --mode upsert|create|update
  --dates auto|iso|mdy|dmy   order of numeric dates
  --currency <code>          of amounts that name none, for example USD
  --scale "field=1000000"    factor from the file's numbers to units (repeatable)
  --require <field>          refuse rows that leave it empty (repeatable)
  --unknown-references refuse|empty
  --create-missing <field>   create the records that this field names and nobody has (repeatable)
  --pipeline <name or id>    where opportunities go
  --encoding <name>, --separator <character>
  --dry-run                  stop after the trial
  --yes                      import the good rows without asking when others fail
  --errors <file>            where failed rows go; default: <name>.errors.csv

Exit codes: 0 all rows are in, 1 rows failed, 2 wrong usage or the server refused.`;
