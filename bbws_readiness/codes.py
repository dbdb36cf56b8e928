"""Every kind of fault that this tool reports, with the stable code that it carries in every output."""

from __future__ import annotations

from enum import Enum


class Code(Enum):
    """A code is given once and never again to another fault; `docs/diagnostics.md` is made from this table.

    E1 files, E2 Terraform, E3 configuration and rules, E4 YAML, JSON, schemas and workflows, E5 plan, scripts and
    README, E6 outputs, E7 command line and process, E8 git.
    """

    # fmt: off
    MISSING = ("E101", "A file that something refers to does not exist.", "Create it, or correct the path.")
    OUTSIDE = ("E102", "A path leaves the project.", "Refer to files of the project only; copy what is needed into it.")
    LINK = ("E103", "A symbolic link stands where a file or folder is expected; links are never followed.",
            "Put the file itself there.")
    NEVER_READ = ("E104", "A kind of file or folder that is never read: git's folder, state, keys, .env files.",
                  "Do not refer to it; pass what is needed as a variable.")
    NOT_REGULAR = ("E105", "A folder, pipe, socket or device stands where a file is expected.",
                   "Put a regular file there.")
    TOO_LARGE = ("E106", "A file is larger than the limit of its kind.", "Split it, or leave it out of the project.")
    CHANGED = ("E107", "A file changed or grew while it was read.", "Assess again when nothing writes to the project.")
    NOT_UTF8 = ("E108", "A file is not UTF-8.", "Save it as UTF-8.")
    NUL = ("E109", "A file contains a NUL byte.", "Remove it; the file may not be a text at all.")
    LFS_POINTER = ("E110", "A Git LFS pointer lies in place of the content.", "Run `git lfs pull`, then assess again.")
    TOO_MANY_BYTES = ("E111", "The files of the project together are larger than the limit.",
                      "Assess a smaller folder, or exclude folders in readiness.yaml.")
    TOO_MANY_FILES = ("E112", "The project has more files than the limit.",
                      "Assess a smaller folder, or exclude folders in readiness.yaml.")
    TOO_DEEP_FOLDER = ("E113", "Folders lie deeper inside one another than the limit.", "Flatten the folders.")
    UNREADABLE = ("E114", "The operating system does not let a file or folder be read.",
                  "Correct permissions or storage, then assess again.")
    CARRIAGE_RETURN = ("E115", "A line ends with a carriage return alone.", "End lines with LF or CRLF.")
    NOT_TEXT = ("E116", "A file is not the kind of text that its name promises.", "Put the right file there.")
    TWIN_NAMES = ("E117", "Two names differ in case or Unicode form only; some systems take them for one file.",
                  "Rename one of them.")
    BAD_PATH = ("E118", "A path is longer than the limit, is not UTF-8 or holds a NUL.", "Rename the file or folder.")
    NESTED_REPOSITORY = ("E119", "A folder is a git repository of its own, such as a submodule; it is not entered.",
                         "Assess it by itself, or copy what is needed into the project.")

    SYNTAX = ("E201", "A text is not Terraform's language at this place.",
              "Correct it; `terraform fmt` names the place too.")
    NOT_CLOSED = ("E202", "A string, comment, heredoc or bracket is opened and never closed.", "Close it.")
    CHARACTER = ("E203", "A character stands where Terraform's language has none, such as a typographic quote.",
                 "Remove it, or write the plain sign.")
    ESCAPE = ("E204", "An escape sequence in a string does not exist.",
              "Write \\n, \\t, \\\", \\\\, \\uNNNN or \\UNNNNNNNN.")
    NESTING = ("E205", "Brackets, templates, objects or arrays are nested deeper than the limit.", "Flatten the text.")
    TOO_COMPLEX = ("E206", "An expression is too long or too deep to be read or evaluated.",
                   "Split it into several local values.")
    ARGUMENT_TWICE = ("E207", "An argument or key is set twice.", "Keep one of the two.")
    DECLARED_TWICE = ("E208", "A block is declared twice in one module.", "Remove or rename one of the two.")
    BLOCK = ("E209", "A block or argument cannot stand here, or a block has the wrong number of labels.",
             "Correct the word, its labels or its place.")
    TERRAFORM_JSON = ("E210", "A file in JSON syntax is not JSON, or not the JSON that Terraform takes.", "Correct it.")
    UNDECLARED = ("E211", "A reference names something that nothing declares.", "Correct the name, or declare it.")
    NOT_HERE = ("E212", "A reference, template or file function cannot be used at this place.",
                "Write a constant, or move the expression.")
    WRONG_TYPE = ("E213", "A value has a type that does not fit.", "Write a value of the type, or convert it.")
    NULL_VALUE = ("E214", "A value is null where one is needed.", "Set it, or give it a default with `coalesce`.")
    NO_SUCH_ELEMENT = ("E215", "A value has no such attribute, key or element.", "Correct the name, key or number.")
    SAME_KEY = ("E216", "Two elements that a `for` gives have the same key.", "Add `...` to group them.")
    UNKNOWN_FUNCTION = ("E217", "There is no function of this name.", "Correct the name.")
    FUNCTION_ARGUMENTS = ("E218", "A function has too few or too many arguments.", "Pass what it takes.")
    FUNCTION_REFUSED = ("E219", "A function does not take this argument.", "Correct the argument.")
    PATTERN = ("E220", "A pattern is not valid, or nothing matches it.", "Correct it; regular expressions are RE2.")
    TEMPLATE = ("E221", "A template is wrong: a directive without its partner, or a template within a template.",
                "Correct the template.")
    NOTHING_LEFT = ("E222", "No argument of `try` could be evaluated.", "Add one that always can, such as null.")
    CYCLE = ("E223", "References lead back to where they began.", "Break the circle.")
    COUNT = ("E224", "`count` is not a whole number from zero to the limit.", "Correct it.")
    FOR_EACH = ("E225", "`for_each` is not a map or a set of strings that may be shown.",
                "Correct it, with `toset` for a list.")
    DYNAMIC_BLOCK = ("E226", "A dynamic block lacks `for_each` or its content.", "Add what it lacks.")
    TYPE_CONSTRAINT = ("E227", "A type is not written as Terraform writes types.",
                       "Write string, list(string) or the like.")
    VARIABLE_MISSING = ("E228", "A variable is required and nothing sets it.",
                        "Set it in a tfvars file, or pass it with --var.")
    VARIABLE_VALUE = ("E229", "A value does not fit its variable.", "Set a value of the variable's type.")
    VARIABLE_DEFAULT = ("E230", "The default of a variable does not fit it.", "Correct the default or the type.")
    VALIDATION = ("E231", "A value breaks a validation of its variable.", "Set a value that the validation accepts.")
    CONDITION_FALSE = ("E232", "A precondition, postcondition or check does not hold.", "Do what its message says.")
    CONDITION_WRONG = ("E233", "A condition is missing, null or not a bool.",
                       "Write a condition that is true or false.")
    OUTPUT_VALUE = ("E234", "An output has no value.", "Give it one.")
    MODULE_REMOTE = ("E235", "A module comes from outside the project and is never fetched; its content is not known.",
                     "Keep a copy in the project if it must be assessed.")
    MODULE_SOURCE = ("E236", "The source of a module is missing or computed.", "Write it out.")
    MODULE_OUTSIDE = ("E237", "The folder of a module lies outside the project.", "Move it into the project.")
    MODULE_EMPTY = ("E238", "The folder of a module does not exist or has no Terraform files.", "Correct the path.")
    MODULE_ARGUMENT = ("E239", "A module call lacks an argument, or passes one that the module does not declare.",
                       "Pass exactly its variables.")
    OVERRIDE = ("E240", "An override file overrides nothing, or holds what cannot be overridden.",
                "Move it to another file.")
    STILL_DECLARED = ("E241", "A moved or removed block says that something has gone which is still declared.",
                      "Remove the block or the declaration.")
    PROVIDER = ("E242", "A provider configuration does not exist or has no plain alias.",
                "Correct the name, or add it.")
    PROVIDER_ARGUMENT = ("E243", "A resource has an argument that its provider does not know or does not take so.",
                         "Correct it by the provider's documentation.")
    ADDRESS = ("E244", "An address leads to nothing.",
               "Write var.name or type.name.argument; `readiness inventory` lists.")
    ADDRESS_OPEN = ("E245", "An address leads to several values, or to a block.",
                    "Choose one, with [0] or an argument.")
    STEPS = ("E246", "The configuration needs more evaluation steps than the limit.", "Simplify its loops.")
    STRING_BYTES = ("E247", "A string is longer than the limit.", "Build shorter strings.")
    ELEMENTS = ("E248", "A collection has more elements than the limit.", "Build smaller collections.")
    VALUE_PARTS = ("E249", "A value has more parts on all levels than the limit.", "Build smaller values.")
    VALUE_BYTES = ("E250", "All values together take more memory than the limit.", "Build smaller values.")
    LOOPS = ("E251", "Loops are nested deeper than the limit.", "Use fewer loops inside one another.")
    DIGITS = ("E252", "A number has more digits than the limit.", "Write a shorter number.")
    INSTANCES = ("E253", "The configuration makes more instances than the limit.", "Correct `count` or `for_each`.")
    MODULE_DEPTH = ("E254", "Modules call modules deeper than the limit.", "Break the circle, or flatten the modules.")
    FORMAT_WIDTH = ("E255", "A width, a precision or an indentation is above the limit.", "Use a smaller one.")
    PATTERN_LENGTH = ("E256", "A pattern is longer than the limit.", "Write a shorter one.")
    MORE = ("E257", "There are more faults than are kept; the rest is only counted.", "Mend these first.")
    OBJECT_KEY_TWICE = ("E258", "An object has the same key twice; the last one holds, as in Terraform.",
                        "Keep one of the two.")

    CONFIGURATION = ("E301", "readiness.yaml breaks its schema.", "`readiness schema config` prints it.")
    FORBIDDEN_KEY = ("E302", "readiness.yaml sets what a repository must never set, such as plugins or output paths.",
                     "Remove it; output paths are options of the command line.")
    TWO_CONFIGURATIONS = ("E303", "A folder has two configuration files.", "Keep one of them.")
    NO_CONFIGURATION = ("E304", "The configuration file that --config names does not exist.", "Name an existing file.")
    EXTENDS = ("E305", "`extends` leaves the repository, runs in a circle or goes on too long.",
               "Correct or remove it.")
    CONFIGURED_VALUE = ("E306", "readiness.yaml has a value that makes no sense, such as a day that no calendar has.",
                        "Correct it.")
    CONFIGURED_SOURCE = ("E307", "readiness.yaml names a source that is not in the project.", "Correct the path.")
    RULE = ("E308", "A rule or remedy file breaks its schema.", "Correct it; reinstall if you have not changed it.")
    RULE_REFERENCE = ("E309", "A rule or remedy names a check, remedy or area that does not exist.",
                      "Correct the name.")
    RULE_TWICE = ("E310", "Two rules or remedies have the same name.", "Rename one of them.")
    REMEDY_CIRCLE = ("E311", "Remedies wait for each other.", "Remove one of their `after` edges.")
    SEVERAL_ROOTS = ("E312", "Several folders could be the Terraform root.", "Name one as sources.terraform.")
    SEVERAL_PLANS = ("E313", "Several documents could be the promotion plan.",
                     "Name one with --plan or as sources.plan.")
    RULE_AREA = ("E314", "A rule of the project uses the letters of an area of this tool.",
                 "Begin its code with three letters of your own.")
    RULE_SETTING = ("E315", "readiness.yaml sets a rule or a parameter that does not exist, or that cannot be set so.",
                    "`readiness rules show RULE` prints what can be set.")
    RULE_CASE = ("E316", "A case of a rule is not written as cases are, or cannot be prepared.",
                 "docs/custom-rules.md shows how cases are written.")
    NO_ROOT = ("E317", "No folder with Terraform files is meant for the environment: only modules, examples or tests.",
               "Name one as sources.terraform.")
    TERRAGRUNT = ("E318", "A terragrunt folder is not supported: terragrunt makes its Terraform when it runs.",
                  "Assess the Terraform it calls; name it as sources.terraform.")
    WAIVER = ("E319", "A waiver in a comment is not written as waivers are, so it has no effect.",
              "Write `readiness: ignore[rule] until=2026-03-31 by=role reason=\"why\"` above what it is about.")
    WAIVER_EXPIRED = ("E320", "The last day of a waiver has passed, or is no date; what it covered is open again.",
                      "Mend what it covers, or let it be decided anew.")
    WAIVER_UNUSED = ("E321", "A waiver covers nothing that fails.", "Remove it, or move it to what it is about.")
    WAIVER_REFUSED = ("E322", "A waiver is not applied: its rule cannot be waived, or the base does not have it.",
                      "Mend what the rule finds, or let an owner of the policy merge the waiver first.")
    DECISION_LOG = ("E323", "The decision log is not written as a log is, so it settles nothing.",
                    "Begin it with `decisions:` and a list; docs/decision-log.md shows one.")
    DECISION = ("E324", "An entry of the decision log is malformed, so it settles nothing.",
                "Correct it; docs/decision-log.md tells what an entry holds.")
    DECISION_TWICE = ("E325", "Two entries of the decision log have the same id; neither settles anything.",
                      "Give one of them another id.")
    DECISION_EXPIRED = ("E326", "The last day of a decision has passed, or is no date; what it settled is open again.",
                        "Mend what it covered, or let it be decided anew with `readiness decide`.")
    DECISION_UNUSED = ("E327", "A decision settles nothing: nothing that it is about fails.",
                       "Leave it as history; it needs no correction.")
    DECISION_VOID = ("E328", "What a decision rests on has changed since, so what it settled is open again.",
                     "Look at what has changed, then let it be decided anew with `readiness decide`.")
    DECISION_REFUSED = ("E329", "A decision is not applied: a source contradicts it, the base does not have it, "
                                "or its rule cannot be settled.",
                        "Correct the reason by the named lines, or mend what the rule finds.")

    YAML = ("E401", "A file is not valid YAML or JSON.", "Check indentation, quotes and brackets before the place.")
    YAML_DOCUMENTS = ("E402", "A file has more than one YAML document.", "Keep the first one only.")
    YAML_TAG = ("E403", "A YAML tag is not allowed.", "Write the plain value.")
    YAML_ALIAS = ("E404", "A YAML alias is not allowed, or refers to nothing.", "Write the value out.")
    YAML_MERGE = ("E405", "YAML merge keys are not supported, nor by GitHub.", "Write the keys out.")
    YAML_SIZE = ("E406", "A YAML document or a list in it has more entries than the limit.", "Split the file.")
    YAML_DEPTH = ("E407", "YAML or JSON is nested deeper than the limit.", "Flatten the file.")
    KEY_TWICE = ("E408", "A key is set twice in one mapping.", "Keep one of the two.")
    YAML_KEY = ("E409", "A key of a YAML mapping is no plain text.", "Write a word.")
    BREAKS_SCHEMA = ("E410", "A document breaks its schema.", "Correct it.")
    JSON = ("E411", "A file is not valid JSON.", "Correct it at the place.")
    JSON_NUMBER = ("E412", "A word is not a JSON number, such as NaN.", "Write a number or null.")
    SCHEMA_REFERENCE = ("E413", "A `$ref` leads out of its document; nothing is fetched.", "Copy what it refers to.")
    TABLE_SCHEMA = ("E414", "A table schema lacks a member, or a member has another shape.", "Correct the member.")
    EMPTY_FILE = ("E415", "A file is empty.", "Write it, or remove it.")
    WORKFLOW = ("E416", "A workflow does not have the shape that GitHub takes.", "Correct it.")
    WORKFLOW_SCRIPT = ("E417", "A script in a workflow is too long, or a quote in it is never closed.",
                       "Correct it, or move it to a file.")
    PASSED_VALUE = ("E418", "A workflow passes a value that cannot be told before it runs.",
                    "Pass a literal, or set it in the environment's tfvars.")

    NOT_A_PLAN = ("E501", "A document is no promotion plan.", "Begin it with `# Promotion Plan: <name>`.")
    DOCUMENT_LINES = ("E502", "A document has more lines than the limit.", "Split it.")
    PLAN_PART = ("E503", "The promotion plan lacks a part.", "Add it.")
    PLAN_DATE = ("E504", "A date of the promotion plan is not understood.", "Write it as 2026-01-31.")
    PLAN_NAME = ("E505", "A short name in the promotion plan may mean several things.", "Use the full name everywhere.")
    PLAN_JSON = ("E506", "A file given as plan JSON is something else, or damaged.",
                 "Make it with `terraform show -json PLAN`.")
    PLAN_STATE = ("E507", "A file given as plan JSON is a Terraform state, which may hold secrets.",
                  "Make the plan JSON with `terraform show -json PLAN`.")
    PLAN_VERSION = ("E508", "The plan JSON has a format version that is not known.", "Update this tool or Terraform.")
    PLAN_ERRORED = ("E509", "Terraform could not finish the plan.", "Mend what it complains of, then plan again.")
    PLAN_DIFFERS = ("E510", "The plan JSON and the files differ.", "Make the plan again from these files.")
    SCRIPT_ENCODING = ("E511", "A script declares an encoding other than UTF-8.", "Save it as UTF-8 and declare that.")
    SCRIPT = ("E512", "A script is not valid Python.", "Correct it.")
    SCRIPT_COMPLEX = ("E513", "A script is too complex to be read.", "Split or simplify it.")
    PLAN_ELSEWHERE = ("E514", "The plan JSON is for another account or environment than the assessed one.",
                      "Make it with the settings of this environment, or leave it out.")

    CANNOT_WRITE = ("E601", "An output cannot be written; what was there is untouched.",
                    "Free space, correct permissions, or write elsewhere.")
    OUTPUT_FOLDER = ("E602", "The output folder is not a folder, or nothing may be written into it.",
                     "Choose another with --output.")
    OUTPUT_NOT_REGULAR = ("E603", "An output would replace something that is no regular file.", "Move it away.")
    STANDARD_OUTPUT = ("E604", "Standard output is closed or full.", "Let it print elsewhere.")
    ASSESSMENT = ("E605", "A file given as the JSON of an assessment is something else, damaged, or of another kind.",
                  "Make it again with `readiness assess ENVIRONMENT -f json`.")
    OUTPUT_EXISTS = ("E606", "A generated file would replace one that exists.",
                     "Name another, or let --force replace it.")
    NOT_GENERATED = ("E607", "A file cannot be generated: the project does not tell what it needs.",
                     "State it where the message says.")
    EDITED = ("E608", "A document was changed by hand outside the places for people, so nothing of the set is written.",
              "Move the text into a note below a task or into a Notes block, or let --force overwrite it.")
    EARLIER_UNREAD = ("E609", "The earlier assessment beside the documents cannot be read, or not be compared with.",
                      "Restore it if it is wanted; the run goes on without its history.")
    STALE = ("E610", "The documents on disk are not what a run would write now.", "`readiness render` writes them.")
    SET_CHANGED = ("E611", "The documents changed while a run was about to replace them; nothing was written.",
                   "Run it again.")
    OTHER_SET = ("E612", "The folder holds another set for the same environment, under another name of a project.",
                 "If it is an earlier name of this one, take over the notes and move that set away.")
    NOT_POSTED = ("E613", "GitHub did not take a comment; the verdict and the other outputs stand.",
                  "Look at the reason; a token needs the right to write to pull requests.")

    USAGE = ("E701", "The command line asks for something that does not exist.", "Try `readiness --help`.")
    OPTION_VALUE = ("E702", "The value of an option is not understood or out of reach.",
                    "Write it as the message says.")
    NAMED_FILE = ("E703", "A file or folder named on the command line does not exist or lies outside the project.",
                  "Name an existing one.")
    ENVIRONMENT = ("E704", "The environment is named by no tfvars, workflow, plan or configuration.",
                   "Name one that exists; the message lists them.")
    NOTHING = ("E705", "There is no project, or nothing in it that this tool reads.", "Name the folder of a project.")
    UNKNOWN_RULE = ("E706", "There is no rule or code of this name.", "`readiness rules` lists the rules.")
    INTERRUPTED = ("E707", "The run was interrupted; nothing was written.", "Run it again.")
    TOO_SLOW = ("E708", "The run took longer than its limit.", "Assess a smaller folder.")
    TOO_MUCH_MEMORY = ("E709", "The run needed more memory than its limit.", "Assess a smaller folder.")
    IMPORT_PATH = ("E710", "The import path contains the assessed project, so its files could run as code.",
                   "Start the installed `readiness` command, not `python -m` in the project.")
    NOT_COMPARABLE = ("E711", "Two assessments are of different projects or environments, so they cannot be compared.",
                      "Name two assessments of one project and environment.")
    NO_FINDING = ("E712", "What a command line calls a finding has not failed, is several, or is settled already.",
                  "`readiness assess ENVIRONMENT -f json` lists the findings with their fingerprints.")
    SAME_PROJECT = ("E713", "The folders of one command line are not as many projects: one is named twice, lies inside"
                    " another one, or has the name of another one.", "Name each project once.")
    WORKER_ENDED = ("E714", "A process that assessed one of several projects could not be started, or ended before it"
                    " was done.", "Assess that project alone; the system may have ended it for want of memory.")
    ENGINE = ("E715", "The engine on which several projects are to be assessed is not there, or is another version.",
              "Install the extra, name a scheduler that can be reached, or use the processes of this machine.")
    INTERNAL = ("E799", "This tool has a fault of its own.", "Run again with --debug and report it.")

    NO_CHECKOUT = ("E801", "The folder is no git checkout that can be read.", "Assess a plain clone.")
    NO_BASE = ("E802", "The base revision is not in the checkout.", "Fetch it: `fetch-depth: 0`.")
    REVISION = ("E803", "A revision is not written in a way that is allowed.",
                "Name a branch, or a commit of 40 digits.")
    POLICY_CHANGED = ("E804", "The change under assessment alters the policy it is judged by; the base's policy holds.",
                      "Let an owner of the policy review it.")
    BASE_TOO_LARGE = ("E805", "The tree of the base has more files, or larger ones, than are laid out to be assessed.",
                      "Assess the base in a run of its own and name its JSON: `--base FILE`.")
    # fmt: on

    def __init__(self, code: str, meaning: str, way_out: str) -> None:
        self.code = code
        self.meaning = meaning
        self.way_out = way_out

    def __str__(self) -> str:
        return self.code
