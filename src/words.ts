/** Words that generated addresses are made of: short, friendly, easy to spell and to say aloud. */

/** The first word of an address. */
export const ADDRESS_ADJECTIVES: readonly string[] = (
  'agile amber ample azure basic bold brave breezy bright brisk calm candid careful cheery chief civil clean ' +
  'clear clever cosmic cosy crisp curious dapper daring deft devoted direct dusty eager early easy elder elegant ' +
  'epic even exact fair famous fancy fast fine firm fleet fluent fond frank free fresh friendly frosty gentle ' +
  'glad golden good grand great green handy happy hardy hearty honest humble ideal jolly jovial keen kind large ' +
  'lasting leafy light lively local logical loyal lucid lucky lunar magic major mellow merry mighty mild minty ' +
  'misty modern modest mossy native neat nimble noble novel olive open orange patient peachy perky placid plain ' +
  'pleasant plucky polar polite proud pure quick quiet rapid rare ready regal robust rosy round royal rustic ' +
  'sandy secure serene sharp shiny silent silver simple sincere sleek smart smooth snowy soft solar solid sparkly ' +
  'spry stable steady stellar stoic strong sturdy subtle sunny super supple sure sweet swift tidy timely tiny ' +
  'true trusty upbeat useful valid vast velvet vivid warm wavy wise witty young zesty '
)
  .trim()
  .split(' ')

/** The second word of an address. */
export const ADDRESS_NOUNS: readonly string[] = (
  'acorn anchor apple arrow aspen atlas badger bamboo banjo barn basil beacon beaver birch bison breeze brook ' +
  'canal candle canoe canyon cedar cherry cloud clover cobalt comet copper coral cove crane creek cricket daisy ' +
  'dawn delta dingo dolphin drum dune eagle echo elm ember falcon fern field finch fjord flint forest fox garden ' +
  'gecko ginger glacier grove gull harbor hare harp hawk hazel heron hill holly island ivy jasmine kayak kettle ' +
  'kiwi koala lagoon lake lantern larch lark laurel lemon lily linden lotus lynx magnet mango maple marble marlin ' +
  'meadow melon mesa mint moon moose moss nectar nest oak oasis ocean olive orchard orchid osprey otter owl panda ' +
  'papaya pebble pelican pepper pine planet plum pond poplar prairie puffin quail quartz quill rabbit raven reef ' +
  'ridge river robin rocket saddle saffron salmon sequoia shore sparrow spruce star stone stork stream sunset ' +
  'swan thicket thyme tiger timber topaz trail tulip tundra turtle valley violet walnut walrus willow wolf wren ' +
  'yarrow zebra '
)
  .trim()
  .split(' ')
