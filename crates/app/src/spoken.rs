//! Codes that people read over the telephone: three everyday words and four digits, forty bits in all.

/// Everyday words that are spelled as they sound, in order; one of 512 is nine bits.
const WORDS: [&str; 512] = [
    "acorn", "anchor", "angle", "antler", "apple", "apron", "arcade", "arch", "arrow", "aspen", "atlas", "attic",
    "autumn", "avenue", "badge", "bagel", "baker", "balcony", "balloon", "bamboo", "banjo", "barley", "barn",
    "barrel", "basil", "basket", "bay", "beach", "beacon", "bean", "beaver", "bell", "bench", "berry", "bike",
    "birch", "bison", "blanket", "blossom", "blue", "board", "boat", "bonnet", "book", "boot", "bottle", "bowl",
    "branch", "brass", "bread", "breeze", "brick", "bridge", "bronze", "brook", "broom", "brush", "bubble",
    "bucket", "bunny", "butter", "butterfly", "button", "cabin", "cabinet", "cable", "cactus", "calendar", "camel",
    "camera", "campus", "candle", "canoe", "canvas", "canyon", "cape", "captain", "caramel", "caravan", "carbon",
    "cargo", "carpet", "carrot", "castle", "cedar", "celery", "cello", "chair", "chalk", "chapel", "cherry",
    "chess", "chestnut", "chimney", "cider", "cinema", "circle", "citrus", "clarinet", "clay", "cliff", "clock",
    "cloud", "clover", "coast", "cobalt", "cocoa", "coconut", "comet", "compass", "copper", "coral", "corner",
    "cottage", "cotton", "courtyard", "cousin", "cowboy", "coyote", "cradle", "crane", "crayon", "cream", "creek",
    "cricket", "crystal", "cupcake", "curtain", "dairy", "daisy", "dancer", "dawn", "deer", "delta", "denim",
    "desert", "desk", "diamond", "diary", "dime", "dinner", "dolphin", "domino", "donkey", "door", "doorway",
    "dragon", "drawer", "drum", "dune", "eagle", "earth", "easel", "echo", "elbow", "elder", "elm", "ember",
    "emerald", "engine", "falcon", "farmer", "feast", "feather", "fence", "fern", "ferry", "fiddle", "field", "fig",
    "finch", "fire", "flag", "flame", "flannel", "flour", "flute", "fog", "folder", "forest", "fossil", "fountain",
    "fox", "frame", "frost", "fruit", "gallery", "garden", "garlic", "gate", "gazebo", "gecko", "geyser", "ginger",
    "giraffe", "glacier", "glass", "globe", "glove", "goat", "gold", "grain", "granite", "grape", "grass", "gravel",
    "green", "guitar", "hamlet", "hammer", "harbor", "harp", "harvest", "hawk", "hazel", "heather", "helmet",
    "heron", "highway", "hiker", "hill", "hockey", "holly", "honey", "hornet", "horse", "hotel", "house", "ice",
    "igloo", "indigo", "iris", "iron", "island", "ivory", "ivy", "jacket", "jade", "jaguar", "jasmine", "jelly",
    "jewel", "journal", "juniper", "kayak", "kettle", "kite", "kitten", "koala", "ladder", "lagoon", "lake", "lamp",
    "lantern", "lark", "lasso", "lattice", "laurel", "lava", "lawn", "leaf", "lemon", "lentil", "leopard", "letter",
    "library", "lighthouse", "lily", "lime", "linen", "lion", "lizard", "lobster", "locket", "locust", "loom",
    "lotus", "lumber", "lunar", "magnet", "magpie", "mallet", "mammoth", "mango", "mantle", "maple", "marble",
    "marigold", "marina", "market", "marsh", "mattress", "meadow", "medal", "melody", "melon", "mesa", "meteor",
    "midnight", "mill", "mineral", "minnow", "mint", "mirror", "mitten", "mixer", "monkey", "moon", "moose",
    "morning", "mosaic", "moss", "moth", "mountain", "muffin", "mulberry", "mule", "museum", "music", "mustard",
    "myrtle", "napkin", "nectar", "needle", "nest", "nickel", "noodle", "noon", "north", "nutmeg", "nutshell",
    "oak", "oasis", "oats", "oboe", "ocean", "octopus", "olive", "olympic", "onion", "onyx", "opal", "orange",
    "orbit", "orchard", "orchid", "organ", "ostrich", "otter", "oven", "owl", "oxygen", "oyster", "paddle", "paint",
    "palm", "panda", "paper", "paprika", "parade", "park", "parrot", "pasta", "patio", "peach", "peanut", "pear",
    "pebble", "pecan", "pelican", "pencil", "pepper", "piano", "picnic", "pillow", "pilot", "pine", "pipe",
    "planet", "plaza", "plum", "pocket", "poem", "polar", "pond", "pony", "poppy", "potato", "prairie", "prism",
    "pumpkin", "puppet", "puzzle", "quail", "quartz", "quilt", "rabbit", "radio", "raft", "rain", "ranch", "raven",
    "reef", "ribbon", "rice", "ridge", "ring", "river", "robin", "rocket", "roof", "rose", "ruby", "saddle",
    "saffron", "sage", "sail", "salad", "salmon", "sand", "sandal", "scarf", "school", "season", "shadow", "shell",
    "shore", "silk", "silver", "sketch", "sky", "sled", "slipper", "snow", "soap", "socket", "soda", "sofa", "song",
    "sparrow", "spice", "spider", "spoon", "spring", "spruce", "squash", "squirrel", "stable", "star", "station",
    "stone", "storm", "story", "stove", "straw", "stream", "street", "summer", "sun", "sunset", "swan", "table",
    "tailor", "tango", "tea", "temple", "tent", "theater", "thistle", "thunder", "ticket", "tiger", "timber",
    "toast", "tomato", "topaz", "torch", "tower", "trail", "train", "tree", "trumpet", "tulip", "tunnel", "turkey",
    "turtle", "umbrella", "valley", "vanilla", "velvet", "village", "vine", "violet", "violin", "voyage", "wagon",
    "walnut", "water", "wave", "wheat", "wheel", "whistle", "willow", "window", "winter", "wolf", "wood", "wool",
    "yarn", "yellow", "zebra", "zinc",
];

/// The code that thirty-two keyed bytes stand for: `maple-river-stone-4821`.
pub fn from_seed(seed: &[u8; 32]) -> String {
    let number = |at: usize| u32::from_be_bytes([seed[at], seed[at + 1], seed[at + 2], seed[at + 3]]);
    let word = |at: usize| WORDS[(number(at) % 512) as usize];
    format!("{}-{}-{}-{:04}", word(0), word(4), word(8), number(12) % 10_000)
}

/// A code as it was typed, in the one spelling it is compared in; `None` when it is no such code. Capitals, spaces,
/// commas and dots between the parts do not matter.
pub fn normal(typed: &str) -> Option<String> {
    if typed.len() > 200 {
        return None;
    }
    let parts: Vec<String> =
        typed.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    let [first, second, third, digits] = parts.as_slice() else { return None };
    let known = [first, second, third].iter().all(|word| WORDS.binary_search(&word.as_str()).is_ok());
    let four = digits.len() == 4 && digits.bytes().all(|c| c.is_ascii_digit());
    (known && four).then(|| parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_out_is_understood_as_people_type_it() {
        let code = from_seed(&[7; 32]);
        assert_eq!(normal(&code), Some(code.clone()));
        assert_eq!(normal(&format!("  {} ", code.to_uppercase().replace('-', ", "))), Some(code.clone()));
        assert_eq!(normal(&code.replace('-', " ")), Some(code));
        let wrong = ["", "maple-river-4821", "maple-river-stone-482", "maple-river-stone-4821-1", "xyzzy-river-stone-4821"];
        for wrong in wrong {
            assert_eq!(normal(wrong), None, "{wrong}");
        }
        assert_eq!(normal(&"maple ".repeat(10_000)), None);
    }

    #[test]
    fn every_word_is_there_once_and_in_order() {
        assert!(WORDS.is_sorted_by(|a, b| a < b));
        assert!(WORDS.iter().all(|word| word.bytes().all(|c| c.is_ascii_lowercase())));
    }
}
