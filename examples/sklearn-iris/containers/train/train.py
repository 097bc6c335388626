"""Trains the classifier and writes it where the next step finds it."""

import argparse
from pathlib import Path

import joblib
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test-share", type=float, default=0.25)
    parser.add_argument("--model", type=Path, required=True)
    arguments = parser.parse_args()

    features, classes = load_iris(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(
        features, classes, test_size=arguments.test_share, random_state=0
    )
    model = LogisticRegression(max_iter=500).fit(train_x, train_y)
    arguments.model.parent.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, arguments.model)
    print(f"accuracy={model.score(test_x, test_y):.3f}")


if __name__ == "__main__":
    main()
