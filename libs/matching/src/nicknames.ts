/** First names and what people make of them, one person's names a line. A short form may stand in several lines. */
const LINES = `
abigail abby gail
abraham abe bram
adelaide addie heidi
albert al bert bertie
alexander alex al lex sandy sasha alec xander
alexandra alex sandra sandy sasha lexi alexa
alfred alf alfie fred
alison ali allie
amanda mandy
andrew andy drew
angela angie
ann anne anna annie nancy nan hannah
antonia toni
anthony antony tony anton antonio toni
archibald archie
arthur art artie
barbara barb babs
bartholomew bart
beatrice bea trixie
benjamin ben benny benji
bernard bernie
bernhard bernd
bridget biddy bridie
bradley brad
cameron cam
caroline carrie carol lina
catherine katherine kathryn katharina kate katie kathy cathy cat kay kitty katja trina
charles charlie chuck chas carlos carl karl
charlotte lottie charlie lotte
christina christine kristin tina chris chrissy
christopher chris kit topher christoph
clifford cliff
cynthia cindy
daniel dan danny
danielle dani
david dave davy
deborah debra deb debbie
dennis denny
dolores lola
dominic dom nick
donald don donny
dorothy dot dotty dolly
douglas doug
edmund ed eddie ned
edward ed eddie ned ted teddy eduard
eleanor ellie nell nora lena
elizabeth elisabeth liz lizzie lisa beth betty betsy eliza elsa elise lilibet libby sissi
emily em emmy
emma em emmy
eugene gene
ferdinand ferdi
florence flo flossie
frances fran francie fanny
francis frank fran francisco paco pancho franz
franklin frank
frederick fredrick fred freddy friedrich fritz
gabriel gabe
gabrielle gabriela gabi gaby
gerald gerry jerry
gerard gerry jerry gerhard gerd
geoffrey jeffrey geoff jeff
george jorge georg schorsch
gertrude trudy gertie
giovanni gianni nanni
giuseppe beppe peppe pino
grace gracie
gregory greg gregor
guillermo memo
gwendolyn gwen
harold harry hal
heinrich heinz henry heiner
helen helena ellen nell lena
henry harry hank hal henri
herbert herb bert
hubert hugh bert
ignatius ignacio nacho
isabella isabel isabelle bella izzy belle
isidore izzy
jacob jake jakob
jacqueline jackie
james jim jimmy jamie jem diego
jane janie jenny
janet jan
jason jay
jeremy jerry jez
jennifer jen jenny
jessica jess jessie
joan joanie
joanna johanna jo hanna
johannes hannes hans johann jan
john jack johnny jon ian juan sean
jonathan jon jonny john
josephine jo josie fifi
joseph joe joey jose josef sepp pepe
joshua josh
judith judy
julia julie jules
julian jules
kenneth ken kenny
kimberly kim
laura laurie lori
lawrence laurence larry laurie lorenz
leonard leo len lenny
leslie les
lewis louis lou luis louie ludwig
lillian lily lilly
louise lou luisa
lucille lucy
madeleine madeline maddie
malcolm mal
manuel manolo manny
manuela manu
margaret maggie meg peggy madge marge greta gretchen rita daisy margarete grete
maria marie mary mia mimi molly polly mitzi
martha marty patty
martin marty
martina tina
matilda tilly mattie
matthew matt mat matthias mateo
maximilian maximiliane max maxi
maxwell max
melanie mel
melissa mel lissa missy
michael mike mick mickey mikey misha michel miguel
michelle shelly micki
mildred millie
miranda mandy
mohammed muhammad mohamed mo
mortimer mort
natalie nat tally
nathan nathaniel nat nate
nicholas nicolas nick nicky klaus nico colin
nicole nicola nicky nikki
norman norm
oliver ollie
olivia liv livvy
oscar ozzie
oswald ozzie
pamela pam
patricia pat patty trish tricia
patrick pat paddy rick
penelope penny
peter pete pedro pierre
philip phillip phil pip
philippa pippa
prudence pru
rachel ray
randolph randall randy
raymond ray
rebecca becky becca
reginald reg reggie
regina gina
richard rick rich dick ricky richie
robert rob bob bobby robbie bert
roberta bobbie
roderick rod rick
rodney rod
roland rolf rollo
ronald ron ronnie
rosalind rosemary rosa rose rosie
rudolf rudolph rudi rolf
samantha sam
samuel sam sammy
sarah sara sally sadie
sebastian seb bastian
sergei sergio serge
sidney sid
sigmund siggi
simon si
solomon sol solly
sophia sophie sofia
stephanie steph steffi
stephen steven stephan steve stevie stefan
stewart stuart stu
susan susanna suzanne sue susie suzy
sylvester sly
sylvia silvia syl
tabitha tabby
terence terry
teresa theresa terry tess tessa tracy resi
theodore theo ted teddy
thomas tom tommy
timothy tim timmy
ulrich uli
ursula uschi
valentina valentine val
valerie val
veronica ronnie vera
victor vic
victoria vicky tori
vincent vince vinny
virginia ginny
vivian viv
vladimir vlad vova volodya
walter walt wally
wilfred wilf
wilhelm willi willy helmut
wilhelmina mina minnie billie
william will bill billy willy liam guillaume
winifred winnie
winston winnie
yevgeny evgeny zhenya
yvonne vonnie
zachary zach zack
`;

const NAMES = LINES.trim()
  .split('\n')
  .map((line) => line.split(' '));

const GROUPS = ((): ReadonlyMap<string, readonly number[]> => {
  const groups = new Map<string, number[]>();
  NAMES.forEach((names, group) => {
    for (const name of names) groups.set(name, [...(groups.get(name) ?? []), group]);
  });
  return groups;
})();

const NONE: readonly number[] = [];

/** The lines that a first name stands in. */
export const nicknameGroups = (name: string): readonly number[] => GROUPS.get(name) ?? NONE;

/** Whether one of two first names may be short for the other. */
export const areNicknames = (one: string, other: string): boolean => {
  const groups = nicknameGroups(one);
  return groups.length > 0 && nicknameGroups(other).some((group) => groups.includes(group));
};

/** All names that somebody of this name may be called by, this one among them where it is known. */
export const nicknamesOf = (name: string): readonly string[] => nicknameGroups(name).flatMap((group) => NAMES[group]!);
